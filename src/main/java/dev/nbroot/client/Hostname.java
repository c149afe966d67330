package dev.nbroot.client;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.MacAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A machine's name: labels of letters, digits and inner dashes (RFC 1123 section 2.1), with a domain if wanted.
 *
 * @param text in lower case, at most 64 characters (the kernel's limit, sethostname(2))
 */
public record Hostname(String text) {
    private static final int LONGEST = 64;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int TAIL_DIGITS = 6;

    /** Checks the form. */
    public Hostname {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not a host name: " + text);
        }
    }

    /**
     * Reads a name; case does not matter.
     *
     * @throws Failure of kind {@code USAGE} when it is none, or {@code localhost} (RFC 6761 section 6.3)
     */
    public static Hostname parse(String name) {
        String text = name.strip().toLowerCase(Locale.ROOT);
        if (!isValid(text)) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "'" + name + "' is not a host name",
                    "use letters, digits and inner dashes, 63 characters at most, as in node-1");
        }
        Hostname hostname = new Hostname(text);
        if (hostname.shortName().equals("localhost")) {
            throw Failure.of(
                    FailureKind.USAGE,
                    "'" + name + "' is every machine's name for itself, and cannot be one machine's",
                    "give it a name of its own, as in node-1");
        }
        return hostname;
    }

    /** {@return the name of a client that was given none: the root's name and the MAC's last six digits} */
    public static Hostname of(String root, MacAddress mac) {
        String digits = mac.value().replace("-", "");
        String tail = digits.substring(digits.length() - TAIL_DIGITS);
        String head =
                root.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-", "");
        head = head.substring(0, Math.min(head.length(), LONGEST - 1 - TAIL_DIGITS - 1));
        return new Hostname((head + "-" + tail).replaceAll("^-+", "").replaceAll("-+", "-"));
    }

    /** {@return the part before the first dot} */
    public String shortName() {
        int dot = text.indexOf('.');
        return dot < 0 ? text : text.substring(0, dot);
    }

    private static boolean isValid(String text) {
        if (text.length() > LONGEST || text.endsWith(".")) {
            return false;
        }
        String[] labels = text.split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        // RFC 1123: what ends in a number would be read as an address.
        return !(labels.length > 1 && labels[labels.length - 1].matches("[0-9]+"));
    }
}
