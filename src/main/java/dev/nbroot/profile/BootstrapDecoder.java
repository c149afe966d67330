package dev.nbroot.profile;

import dev.nbroot.profile.Bootstrap.Variant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decodes {@code bootstrap}. */
final class BootstrapDecoder {
    /** The architectures that Debian and Ubuntu have releases of (dpkg-architecture(1)). */
    private static final List<String> ARCHITECTURES = List.of(
            "amd64", "arm64", "armel", "armhf", "i386", "loong64", "mips64el", "mipsel", "ppc64el", "riscv64", "s390x");

    /** What uname(1) calls them. */
    private static final Map<String, String> MACHINES = Map.of(
            "x86_64", "amd64", "x86-64", "amd64", "aarch64", "arm64", "i686", "i386", "x86", "i386", "armv7l", "armhf",
            "ppc64le", "ppc64el");

    private static final List<String> SCHEMES = List.of("http", "https", "file");

    static final Form.Block FORM = Form.block(
            Key.required("suite", Form.text(Shape.SUITE), "The release's code name, as in bookworm."),
            Key.of("architecture", new Form.Word(ARCHITECTURES), "The machines' Debian architecture.")
                    .otherwise("amd64"),
            Key.of(
                            "variant",
                            Form.word(Variant.values(), Variant::word),
                            "Which packages debootstrap installs before those of the profile.")
                    .otherwise(Variant.MINBASE.word()),
            Key.of(
                    "mirror",
                    Form.text(WebAddress.shape(SCHEMES)),
                    "The archive's address; without it the packages come from where the host's own come from."),
            Key.of("components", Form.listOf(Shape.COMPONENT), "Archive areas, as in main or non-free-firmware.")
                    .otherwise(List.of("main")),
            Key.of(
                    "snapshot",
                    Form.text(Shape.of(
                            "a snapshot's time",
                            "[0-9]{8}T[0-9]{6}Z",
                            "write YYYYMMDDTHHMMSSZ, as in 20260801T000000Z")),
                    "The archive as it was at that time in UTC; needs a mirror that keeps snapshots."),
            Key.of(
                    "keyring",
                    Form.text(Shape.HOST_PATH),
                    "The file with the archive's keys; without it the suite's usual one."));

    private static final DateTimeFormatter SNAPSHOT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withResolverStyle(ResolverStyle.STRICT);

    private BootstrapDecoder() {}

    static Bootstrap decode(Fields fields) {
        Optional<Cursor> suite = fields.at("suite");
        if (suite.isEmpty()) {
            fields.missing("suite", "say which release, as in bootstrap: {suite: bookworm}");
        }
        List<String> components = fields.distinct("components");
        Bootstrap bootstrap = new Bootstrap(
                suite.flatMap(Cursor::text).orElse(""),
                fields.at("architecture")
                        .flatMap(BootstrapDecoder::architecture)
                        .orElseGet(() -> fields.otherwise("architecture", String.class)),
                fields.word("variant", Variant.values(), Variant::word),
                fields.at("mirror").flatMap(value -> WebAddress.of(value, SCHEMES)),
                components.isEmpty() ? List.of("main") : components,
                fields.at("snapshot").flatMap(BootstrapDecoder::snapshot),
                fields.at("keyring").flatMap(BootstrapDecoder::keyring));
        fields.end();
        return bootstrap;
    }

    private static Optional<String> architecture(Cursor value) {
        Optional<String> text = value.plain();
        text.filter(word -> !ARCHITECTURES.contains(word))
                .ifPresent(word -> value.refuse(
                        Shape.shown(word) + " is not a Debian architecture",
                        MACHINES.containsKey(word)
                                ? "did you mean \"" + MACHINES.get(word) + "\"?"
                                : Nearest.hint(word, ARCHITECTURES)));
        return text;
    }

    private static Optional<String> snapshot(Cursor value) {
        // A date alone, 20260801, is a number for YAML: the hint about the form helps more than one about quotes.
        if (!(value.value() instanceof YamlValue.Scalar scalar)) {
            return value.plain();
        }
        try {
            LocalDateTime.parse(scalar.text(), SNAPSHOT);
            return value.plain();
        } catch (DateTimeParseException e) {
            value.refuse(
                    Shape.shown(scalar.text()) + " is not a snapshot's time",
                    "write YYYYMMDDTHHMMSSZ, as in 20260801T000000Z");
            return Optional.empty();
        }
    }

    private static Optional<Path> keyring(Cursor value) {
        Optional<Path> path = value.hostPath();
        path.filter(file -> !Files.isRegularFile(file))
                .ifPresent(file -> value.refuse(
                        "there is no key ring at " + file,
                        "install the distribution's archive keyring package, or leave the key out"));
        return path;
    }
}
