package dev.nbroot.lab;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The /24 network of a lab. It is private to the lab's network namespace, so any addresses will do: the staged tree's
 * own server address can be used as it is.
 *
 * @param server the IPv4 address of the servers
 */
public record Subnet(String server) {
    private static final Pattern IPV4 = Pattern.compile("((?:\\d{1,3}\\.){3})(\\d{1,3})");
    private static final int FIRST_CLIENT = 101;
    private static final int HOSTS = 254;

    /** Checks the address. */
    public Subnet {
        if (!IPV4.matcher(server).matches()) {
            throw Failure.of(
                    FailureKind.INVALID_INPUT,
                    "'" + server + "' is not an IPv4 address",
                    "write it as in 192.168.1.10");
        }
    }

    /** {@return the server's address with the prefix length} */
    public String serverWithPrefix() {
        return server + "/24";
    }

    /**
     * {@return the address of a client}
     *
     * @param index 0 to 99; the server's own address is left out
     */
    public String client(int index) {
        Matcher matcher = IPV4.matcher(server);
        if (!matcher.matches() || index < 0 || FIRST_CLIENT + index >= HOSTS) {
            throw new IllegalArgumentException("no client " + index + " in " + server);
        }
        int host = FIRST_CLIENT + index;
        int taken = Integer.parseInt(matcher.group(2));
        boolean pastTaken = FIRST_CLIENT <= taken && taken <= host;
        return matcher.group(1) + (pastTaken ? host + 1 : host);
    }
}
