package dev.nbroot.system;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IPv4 address of one machine.
 *
 * <p>Only the dotted decimal form is taken: a boot loader resolves no names, and leading zeros mean octal to some
 * readers and decimal to others (inet_aton(3)).
 *
 * @param bits the address as an unsigned number in network order
 */
public record Ipv4Address(int bits) {
    private static final String OCTET = "(0|[1-9][0-9]{0,2})";
    private static final Pattern DOTTED = Pattern.compile(OCTET + "\\." + OCTET + "\\." + OCTET + "\\." + OCTET);
    private static final int FIRST_MULTICAST = 224;

    /**
     * Reads {@code 192.0.2.1}.
     *
     * @param text what the user wrote
     * @param option where, for the message, as in {@code --server}
     * @throws Failure of kind {@code USAGE} for anything that is not the address of one machine
     */
    public static Ipv4Address parse(String text, String option) {
        Matcher matcher = DOTTED.matcher(text.strip());
        if (!matcher.matches()) {
            throw refused(option, text, "is not an IPv4 address");
        }
        int bits = 0;
        for (int group = 1; group <= matcher.groupCount(); group++) {
            int octet = Integer.parseInt(matcher.group(group));
            if (octet > 255) {
                throw refused(option, text, "is not an IPv4 address");
            }
            bits = bits << 8 | octet;
        }
        int first = bits >>> 24;
        if (first == 0 || first >= FIRST_MULTICAST) {
            throw refused(option, text, "is not the address of one machine");
        }
        return new Ipv4Address(bits);
    }

    private static Failure refused(String option, String text, String why) {
        return Failure.of(
                FailureKind.USAGE,
                option + " '" + text + "' " + why,
                "write four numbers from 0 to 255, as in 192.168.1.10: ip -4 address shows this host's");
    }

    /** {@return whether it is in 127.0.0.0/8, which only this host reaches} */
    public boolean isLoopback() {
        return bits >>> 24 == 127;
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }
}
