package dev.nbroot.build;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A dpkg database's values in the forms that SPDX 2.3 and package URLs want. */
final class SpdxText {
    static final String NOASSERTION = "NOASSERTION";

    /** debian-policy, 5.6.2: a name and an address in angle brackets. */
    private static final Pattern MAINTAINER = Pattern.compile("\"?(?<name>[^<>]*?)\"?\\s*<(?<address>[^<>\\s]+)>.*");

    /** Debian does not say who is a person; teams have mailing lists. */
    private static final Pattern TEAM =
            Pattern.compile("(?i).*(\\b(team|maintainers|packagers|group|developers|project|force|ubuntu)\\b.*"
                    + "|@(.*\\.)?(lists|alioth-lists|packages|tracker|list)\\..*)");

    private SpdxText() {}

    /** {@return a maintainer as SPDX 7.5 wants a supplier: {@code Person: NAME (ADDRESS)}} */
    static String agent(Optional<String> maintainer) {
        Matcher matcher = MAINTAINER.matcher(maintainer.orElse("").replaceAll("\\s+", " "));
        if (!matcher.matches() || matcher.group("name").isBlank()) {
            return NOASSERTION;
        }
        String name = matcher.group("name").replace('(', '[').replace(')', ']').strip();
        String address = matcher.group("address");
        boolean team = TEAM.matcher(name + " <" + address).matches();
        return (team ? "Organization: " : "Person: ") + name + " (" + address + ")";
    }

    /** {@return a download location; credentials are none of the reader's business} */
    static String location(String uri) {
        return web(uri).orElse(NOASSERTION);
    }

    /** {@return a home page that is an address; some packages have prose there} */
    static Optional<String> homepage(Optional<String> text) {
        return text.flatMap(SpdxText::web);
    }

    private static Optional<String> web(String text) {
        try {
            URI uri = new URI(text.strip());
            String scheme = uri.getScheme();
            if (scheme == null
                    || uri.getHost() == null
                    || !scheme.toLowerCase(Locale.ROOT).matches("https?")) {
                return Optional.empty();
            }
            String secret = uri.getRawUserInfo();
            return Optional.of(
                    secret == null ? uri.toASCIIString() : uri.toASCIIString().replace(secret + "@", ""));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** {@return a package URL of type deb: {@code pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64&distro=bookworm}} */
    static String packageUrl(String distribution, String suite, String name, String version, String architecture) {
        return "pkg:deb/" + encoded(distribution.toLowerCase(Locale.ROOT)) + "/" + encoded(name) + "@"
                + encoded(version) + "?arch=" + encoded(architecture) + "&distro=" + encoded(suite);
    }

    /** A colon stands for itself; everything else that RFC 3986 reserves is escaped. */
    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || ".-_~:".indexOf(c) >= 0);
            encoded.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return encoded.toString();
    }
}
