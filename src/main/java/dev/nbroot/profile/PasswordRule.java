package dev.nbroot.profile;

import dev.nbroot.profile.YamlValue.Scalar;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Takes crypt(5) hashes and locks, and nothing else. The value never appears in a message. */
final class PasswordRule {
    /** crypt(5): the methods that are fit for new hashes, with the lengths of their results. */
    private static final List<Pattern> HASHES = List.of(
            Pattern.compile("\\$(y|gy)\\$[./A-Za-z0-9]+\\$[./A-Za-z0-9]{1,86}\\$[./A-Za-z0-9]{43}"),
            Pattern.compile("\\$7\\$[./A-Za-z0-9]{11,97}\\$[./A-Za-z0-9]{43}"),
            Pattern.compile("\\$2b\\$(0[4-9]|[12][0-9]|3[01])\\$[./A-Za-z0-9]{53}"),
            Pattern.compile("\\$6\\$(rounds=[1-9][0-9]{3,8}\\$)?[^$:\\n!;*\\\\]{1,16}\\$[./0-9A-Za-z]{86}"),
            Pattern.compile("\\$5\\$(rounds=[1-9][0-9]{3,8}\\$)?[^$:\\n!;*\\\\]{1,16}\\$[./0-9A-Za-z]{43}"));

    private static final String HINT =
            "make a hash with: openssl passwd -6, and write it in single quotes (a shell eats $6 without them)";

    /** A hash, perhaps behind a lock, or a lock alone (shadow(5)). */
    static final Shape SHAPE = Shape.of(
            "a crypt hash",
            "!{0,2}(" + HASHES.stream().map(Pattern::pattern).collect(Collectors.joining("|")) + "|\\*)|!{1,2}",
            HINT);

    private PasswordRule() {}

    static Optional<PasswordHash> decode(Cursor value) {
        if (!(value.value() instanceof Scalar scalar)) {
            value.refuse("expected a crypt hash, found " + value.value().describe(), HINT);
            return Optional.empty();
        }
        String crypt = scalar.text();
        String complaint = complaint(crypt);
        if (!complaint.isEmpty()) {
            value.refuse(complaint, HINT);
            return Optional.empty();
        }
        return Optional.of(new PasswordHash(crypt));
    }

    private static String complaint(String crypt) {
        if (crypt.isEmpty()) {
            return "an empty password would let anybody in (a lone ! or * needs quotes)";
        }
        if (SHAPE.complaint(crypt).isEmpty()) {
            return "";
        }
        String unlocked = crypt.replaceFirst("^!{1,2}", "");
        if (unlocked.startsWith("$1$")) {
            return "MD5 hashes are refused, they are broken in seconds";
        }
        return unlocked.matches("\\$(y|gy|7|6|5|2b)\\$.*")
                ? "this is not a whole crypt hash, something of it is missing"
                : "this is not a crypt hash, and passwords in plain text are refused";
    }
}
