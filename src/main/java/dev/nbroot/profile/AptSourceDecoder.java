package dev.nbroot.profile;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decodes one entry of {@code apt.sources}: the one-line format of sources.list(5) and a key. */
final class AptSourceDecoder {
    private static final String LINE_PATTERN =
            "(?<type>deb|deb-src)\\s+(\\[(?<options>[^\\]]*)\\]\\s+)?(?<uri>\\S+)\\s+(?<suite>\\S+)(?<components>(\\s+\\S+)*)";

    private static final Pattern LINE = Pattern.compile(LINE_PATTERN);
    private static final String HINT = "write one line as in \"deb http://mirror.example.org/tools $RELEASE main\"";

    private static final Shape ARMOUR = Shape.of(
            "a whole OpenPGP public key in ASCII armour",
            "\\s*-----BEGIN PGP PUBLIC KEY BLOCK-----(?![\\s\\S]*PRIVATE KEY)[\\s\\S]*-----END PGP PUBLIC KEY BLOCK-----\\s*",
            "paste what gpg --armor --export prints, as a block after \"key: |\"");

    static final Form.Block FORM = Form.block(
            Key.required(
                    "source",
                    Form.text(Shape.of(
                            "a line of sources.list",
                            "\\s*"
                                    + LINE_PATTERN
                                            .replace("(?<uri>", "((https?://|file:/)")
                                            .replaceAll("\\(\\?<[a-z]+>", "(")
                                    + "\\s*",
                            HINT)),
                    "One line of sources.list(5); $RELEASE stands for bootstrap.suite."),
            Key.of(
                    "key",
                    Form.text(ARMOUR),
                    "The archive's OpenPGP public key in ASCII armour; without it the distribution's keys must have"
                            + " signed the archive."),
            Key.of(
                    "filename",
                    Form.text(Shape.APT_FILE),
                    "The name of the file in /etc/apt/sources.list.d, when the entry's name cannot be one."));

    private AptSourceDecoder() {}

    static Optional<AptSource> decode(Cursor value, String name, String suite) {
        Fields fields = value.fields();
        Optional<Cursor> source = fields.at("source");
        if (source.isEmpty()) {
            fields.missing("source", HINT);
        }
        Optional<String> key = fields.at("key").flatMap(AptSourceDecoder::key);
        Optional<String> filename = fields.text("filename")
                .or(() -> Shape.APT_FILE.complaint(name).isEmpty() ? Optional.of(name) : Optional.empty())
                .map(file -> file.replaceFirst("\\.(list|sources)$", ""));
        fields.end();
        if (filename.isEmpty()) {
            value.refuse("its name cannot be a file's name", "give it a filename: of letters, digits, _ . -");
        }
        return source.flatMap(one -> line(one, name, filename.orElse(""), suite, key));
    }

    private static Optional<AptSource> line(
            Cursor value, String name, String filename, String suite, Optional<String> key) {
        Optional<String> text = value.plain();
        Matcher line = LINE.matcher(text.orElse("").strip());
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!line.matches()) {
            value.refuse("this is not a line of sources.list", HINT);
            return Optional.empty();
        }
        if (text.get().matches("(?s).*\\$(MIRROR|KEY_FILE|SECURITY|PRIMARY)\\b.*")) {
            value.refuse("only $RELEASE can be used in it", "write the address out; a key: needs no signed-by");
            return Optional.empty();
        }
        if (!WebAddress.valid(line.group("uri"), List.of("http", "https", "file"))) {
            value.refuse("its address is not an http, https or file one", HINT);
        }
        List<String> components = line.group("components").isBlank()
                ? List.of()
                : List.of(line.group("components").strip().split("\\s+"));
        String release = line.group("suite").replace("$RELEASE", suite);
        if (components.isEmpty() != release.endsWith("/")) {
            value.refuse("a suite needs components, and only a path that ends in / has none", HINT);
        }
        return Optional.of(new AptSource(
                name,
                filename,
                line.group("type"),
                options(value, line.group("options"), key.isPresent()),
                line.group("uri"),
                release,
                components,
                key));
    }

    private static SortedMap<String, String> options(Cursor value, String bracket, boolean hasKey) {
        SortedMap<String, String> options = new TreeMap<>();
        for (String option : bracket == null || bracket.isBlank()
                ? new String[0]
                : bracket.strip().split("\\s+")) {
            String[] parts = option.split("=", 2);
            if (parts.length < 2 || !parts[0].matches("[a-z-]+") || parts[1].isEmpty()) {
                value.refuse("an option in brackets is not of the form name=value", "as in [arch=amd64]");
                continue;
            }
            if (List.of("trusted", "allow-insecure", "allow-weak", "allow-downgrade-to-insecure")
                    .contains(parts[0])) {
                value.refuse(
                        "the option " + parts[0] + " is refused: it switches the check of signatures off",
                        "give a key:");
                continue;
            }
            if (!AptSource.FIELDS.containsKey(parts[0])) {
                value.refuse(
                        "apt knows no option " + Shape.shown(parts[0]) + " of a source",
                        Nearest.hint(parts[0], new TreeSet<>(AptSource.FIELDS.keySet())));
            }
            if (hasKey && parts[0].equals("signed-by")) {
                value.refuse("it has both signed-by and key", "leave signed-by out, nbroot writes it for the key");
            }
            options.put(parts[0], parts[1]);
        }
        return options;
    }

    private static Optional<String> key(Cursor value) {
        Optional<String> text = value.plain();
        if (text.isPresent() && text.get().contains("PRIVATE KEY")) {
            value.refuse("this is a private key", "export the public one with gpg --armor --export");
            return Optional.empty();
        }
        if (text.isPresent() && ARMOUR.complaint(text.get()).isPresent()) {
            value.refuse("this is not " + ARMOUR.what(), ARMOUR.hint());
            return Optional.empty();
        }
        return text.map(String::strip);
    }
}
