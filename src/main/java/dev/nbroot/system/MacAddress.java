package dev.nbroot.system;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An Ethernet address in its one canonical form.
 *
 * @param value six lower-case hexadecimal pairs with dashes, as in {@code 52-54-00-12-34-56}: the form used for files,
 *     because a colon breaks dracut's {@code root=nfs:} syntax
 */
public record MacAddress(String value) implements Comparable<MacAddress> {
    private static final Pattern CANONICAL = Pattern.compile("[0-9a-f]{2}(-[0-9a-f]{2}){5}");
    private static final Pattern SPELLINGS = Pattern.compile(
            "[0-9a-f]{12}|[0-9a-f]{2}(:[0-9a-f]{2}){5}|[0-9a-f]{2}(-[0-9a-f]{2}){5}|[0-9a-f]{4}(\\.[0-9a-f]{4}){2}");

    /** Checks the form. */
    public MacAddress {
        if (!CANONICAL.matcher(value).matches()) {
            throw new IllegalArgumentException("not a canonical MAC address: " + value);
        }
    }

    /**
     * Reads any usual spelling: {@code 52:54:00:12:34:56}, {@code 52-54-…}, {@code 525400123456}, {@code 5254.0012.3456},
     * and PXELINUX's {@code 01-52-54-…}; case does not matter.
     *
     * @throws Failure of kind {@code USAGE} for anything else, for the broadcast and group addresses, and for zero
     */
    public static MacAddress parse(String spelling) {
        String text = spelling.strip().toLowerCase(Locale.ROOT);
        if (text.matches("01-[0-9a-f]{2}(-[0-9a-f]{2}){5}")) {
            text = text.substring("01-".length());
        }
        if (!SPELLINGS.matcher(text).matches()) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "'" + spelling + "' is not a MAC address",
                    "write six pairs of hexadecimal digits, as in 52:54:00:12:34:56");
        }
        String digits = text.replaceAll("[^0-9a-f]", "");
        MacAddress mac = new MacAddress(digits.replaceAll("(..)(?!$)", "$1-"));
        boolean group = (Integer.parseInt(digits.substring(0, 2), 16) & 1) != 0;
        if (group || digits.equals("000000000000")) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "'" + spelling + "' is not the address of one machine",
                    "take the address printed on the network card or shown by its boot ROM");
        }
        return mac;
    }

    /** {@return the form with colons, as people and the kernel write it} */
    public String colons() {
        return value.replace('-', ':');
    }

    @Override
    public int compareTo(MacAddress other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
