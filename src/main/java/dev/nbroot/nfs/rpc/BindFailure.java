package dev.nbroot.nfs.rpc;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A socket could not be bound. */
public final class BindFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final InetSocketAddress address;
    private final boolean taken;

    BindFailure(InetSocketAddress address, String protocol, boolean taken, IOException cause) {
        super(
                "cannot listen on " + protocol + " port " + address.getPort() + " of "
                        + address.getAddress().getHostAddress() + ": "
                        + (taken ? "another program holds it" : cause.getMessage()),
                cause);
        this.address = address;
        this.taken = taken;
    }

    /** {@return the address that could not be bound} */
    public InetSocketAddress address() {
        return address;
    }

    /** {@return whether another socket holds the port (EADDRINUSE)} */
    public boolean taken() {
        return taken;
    }
}
