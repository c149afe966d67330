package dev.nbroot.profile;

import dev.nbroot.profile.Boot.Console;
import dev.nbroot.profile.Boot.Mode;
import dev.nbroot.profile.Initramfs.Compress;
import dev.nbroot.profile.Initramfs.Generator;
import dev.nbroot.profile.Initramfs.Modules;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decodes {@code boot}, {@code initramfs} and {@code keyboard}. */
final class BootDecoder {
    /** What nbroot itself writes, and why a second one would break the boot. */
    private static final Map<String, String> OWN_WORDS = Map.of(
            "root", "nbroot writes it for each root and mode",
            "nfsroot", "nbroot writes it for each root and client",
            "boot", "boot.mode decides it",
            "ip", "nbroot writes it for each client",
            "BOOTIF", "the boot loader writes it",
            "initrd", "nbroot writes it for each generation",
            "console", "boot.console has the consoles",
            "systemd.machine_id", "nbroot writes it for each client",
            "systemd.hostname", "nbroot writes it for each client");

    private BootDecoder() {}

    static Boot boot(Fields fields) {
        Boot boot = new Boot(
                fields.at("mode")
                        .flatMap(value -> value.word(Mode.values(), Mode::word))
                        .orElse(Mode.STATELESS),
                fields.at("console")
                        .map(BootDecoder::consoles)
                        .orElse(List.of(new Console("tty0", ""), new Console("ttyS0", "115200"))),
                fields.at("cmdline").map(BootDecoder::cmdline).orElse(List.of("quiet")));
        fields.end();
        return boot;
    }

    private static List<Console> consoles(Cursor list) {
        for (Cursor item : list.list()) {
            if (item.value() instanceof YamlValue.Scalar scalar && scalar.kind() == YamlValue.Kind.NUMBER) {
                item.refuse(
                        "a speed stands alone",
                        "write \"ttyS0,115200\" in quotes: in brackets a comma begins a new entry");
                return List.of();
            }
        }
        return list.distinct(Shape.CONSOLE).stream()
                .map(text -> text.split(",", 2))
                .map(parts -> new Console(parts[0], parts.length > 1 ? parts[1] : ""))
                .toList();
    }

    private static List<String> cmdline(Cursor list) {
        for (Cursor item : list.list()) {
            Optional<String> key = item.value() instanceof YamlValue.Scalar scalar
                    ? Optional.of(scalar.text().split("=", 2)[0])
                    : Optional.empty();
            key.filter(OWN_WORDS::containsKey)
                    .ifPresent(word -> item.refuse(word + "= is refused: " + OWN_WORDS.get(word), "leave it out"));
        }
        return list.distinct(Shape.CMDLINE_WORD);
    }

    static Initramfs initramfs(Fields fields) {
        Initramfs initramfs = new Initramfs(
                fields.at("generator")
                        .flatMap(value -> value.word(Generator.values(), Generator::word))
                        .orElse(Generator.AUTO),
                fields.at("modules")
                        .flatMap(value -> value.word(Modules.values(), Modules::word))
                        .orElse(Modules.NETBOOT),
                fields.at("compress")
                        .flatMap(value -> value.word(Compress.values(), Compress::word))
                        .orElse(Compress.ZSTD),
                fields.distinct("extra_modules", Shape.MODULE));
        fields.end();
        return initramfs;
    }

    static Keyboard keyboard(Cursor value) {
        Fields fields = value.fields();
        Optional<String> layout = fields.text("layout", Shape.XKB).filter(text -> !text.isEmpty());
        if (layout.isEmpty()) {
            fields.missing("layout", "as in keyboard: {layout: de}");
        }
        Keyboard keyboard = new Keyboard(
                layout.orElse(""),
                fields.text("model", Shape.XKB).orElse("pc105"),
                fields.text("variant", Shape.XKB).orElse(""),
                fields.text("options", Shape.XKB).orElse(""));
        fields.end();
        return keyboard;
    }
}
