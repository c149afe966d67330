package dev.nbroot.system;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network of IPv4 addresses (RFC 4632): one machine, all of them, or anything between.
 *
 * @param bits its first address as an unsigned number in network order; what is behind the prefix is zero
 * @param prefix how many leading bits all its addresses share, 0 to 32
 */
public record Ipv4Network(int bits, int prefix) {
    private static final int ADDRESS_BITS = 32;
    private static final String OCTET = "(?:0|[1-9][0-9]{0,2})";
    private static final Pattern WRITTEN =
            Pattern.compile("(" + OCTET + "(?:\\." + OCTET + "){3})(?:/(0|[1-9][0-9]?))?");

    /** Checks the parts. */
    public Ipv4Network {
        if (prefix < 0 || prefix > ADDRESS_BITS || (bits & ~mask(prefix)) != 0) {
            throw new IllegalArgumentException("not a network: " + Integer.toHexString(bits) + "/" + prefix);
        }
    }

    /** {@return the network of an address} */
    public static Ipv4Network around(InetAddress address, int prefix) {
        return new Ipv4Network(bits(address) & mask(prefix), prefix);
    }

    /**
     * Reads {@code 192.0.2.0/24}, or {@code 192.0.2.1} for one machine.
     *
     * @param text what the user wrote
     * @param where where, for the message, as in {@code --export '…'}
     * @throws Failure of kind {@code USAGE} for anything else, and for a network with bits behind its prefix: whether
     *     the machine or its network was meant cannot be told
     */
    public static Ipv4Network parse(String text, String where) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            throw refused(
                    where, text, "is neither an IPv4 address nor a network", "write 192.168.1.7, or 192.168.1.0/24");
        }
        int bits = 0;
        for (String octet : matcher.group(1).split("\\.")) {
            if (Integer.parseInt(octet) > 255) {
                throw refused(where, text, "has a number above 255", "write 192.168.1.7, or 192.168.1.0/24");
            }
            bits = bits << 8 | Integer.parseInt(octet);
        }
        int prefix = matcher.group(2) == null ? ADDRESS_BITS : Integer.parseInt(matcher.group(2));
        if (prefix > ADDRESS_BITS) {
            throw refused(where, text, "has a prefix longer than 32", "write a network as in 192.168.1.0/24");
        }
        if ((bits & ~mask(prefix)) != 0) {
            String network = new Ipv4Network(bits & mask(prefix), prefix).toString();
            throw refused(
                    where,
                    text,
                    "is an address in a network, not a network",
                    "write " + network + " for the network, or " + matcher.group(1) + " for the machine");
        }
        return new Ipv4Network(bits, prefix);
    }

    private static Failure refused(String where, String text, String why, String hint) {
        return Failure.of(FailureKind.USAGE, where + ": '" + text + "' " + why, hint);
    }

    private static int mask(int prefix) {
        return prefix == 0 ? 0 : -1 << ADDRESS_BITS - prefix;
    }

    private static int bits(InetAddress address) {
        if (!(address instanceof Inet4Address)) {
            throw new IllegalArgumentException("not an IPv4 address: " + address);
        }
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }

    /** {@return whether an address lies in it; one of IPv6 does not} */
    public boolean contains(InetAddress address) {
        return address instanceof Inet4Address && (bits(address) & mask(prefix)) == bits;
    }

    /** {@return whether it is one machine} */
    public boolean isOne() {
        return prefix == ADDRESS_BITS;
    }

    @Override
    public String toString() {
        String address = (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
        return isOne() ? address : address + "/" + prefix;
    }
}
