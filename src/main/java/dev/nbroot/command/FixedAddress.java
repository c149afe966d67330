package dev.nbroot.command;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Ipv4Address;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The value of {@code --address}: {@code IP} or {@code IP/PREFIX}.
 *
 * <p>Without a prefix the address is a reservation: the machine still asks DHCP, which also gives it the gateway and the
 * name servers, and the server knows it by this address. With one the machine takes the address by itself, with no
 * gateway: for networks without DHCP.
 */
record FixedAddress(Ipv4Address address, OptionalInt prefix) {
    private static final int LONGEST_PREFIX = 30;
    private static final int HOST_BITS = -1;

    static FixedAddress parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new FixedAddress(Ipv4Address.parse(text, "--address"), OptionalInt.empty());
        }
        Ipv4Address address = Ipv4Address.parse(text.substring(0, slash), "--address");
        String digits = text.substring(slash + 1);
        int prefix = digits.matches("[1-9][0-9]?") ? Integer.parseInt(digits) : 0;
        if (prefix < 1 || prefix > LONGEST_PREFIX) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "--address '" + text + "' has no prefix length between 1 and " + LONGEST_PREFIX,
                    "write it as in 192.168.1.20/24");
        }
        int host = address.bits() & HOST_BITS >>> prefix;
        if (host == 0 || host == HOST_BITS >>> prefix) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "--address '" + text + "' is the " + (host == 0 ? "network's own" : "network's broadcast")
                            + " address, not one machine's",
                    "give one between the network's first and last");
        }
        return new FixedAddress(address, OptionalInt.of(prefix));
    }

    static OptionalInt prefix(Optional<FixedAddress> address) {
        return address.map(FixedAddress::prefix).orElse(OptionalInt.empty());
    }
}
