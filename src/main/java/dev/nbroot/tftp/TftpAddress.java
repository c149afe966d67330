package dev.nbroot.tftp;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** How addresses are written in messages. */
final class TftpAddress {
    private TftpAddress() {}

    /** {@return {@code 10.0.0.1:69} or {@code [fd00::1]:69}, never looking up a name} */
    static String text(InetSocketAddress address) {
        if (address.isUnresolved()) {
            return address.getHostString() + ":" + address.getPort();
        }
        String host = address.getAddress().getHostAddress();
        return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
