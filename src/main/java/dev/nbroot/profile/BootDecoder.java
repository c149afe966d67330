package dev.nbroot.profile;

import dev.nbroot.profile.Boot.Console;
import dev.nbroot.profile.Boot.Mode;
import dev.nbroot.profile.Initramfs.Compress;
import dev.nbroot.profile.Initramfs.Generator;
import dev.nbroot.profile.Initramfs.Modules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Decodes {@code boot}, {@code initramfs} and {@code keyboard}. */
final class BootDecoder {
    /** What nbroot itself writes, and why a second one would break the boot. */
    private static final Map<String, String> OWN_WORDS = Map.of(
            "root", "nbroot writes it for each root and mode",
            "nfsroot", "nbroot writes it for each root and client",
            "netroot", "nbroot writes it for each root and client",
            "boot", "boot.mode decides it",
            "ip", "nbroot writes it for each client",
            "BOOTIF", "the boot loader writes it",
            "initrd", "nbroot writes it for each generation",
            "console", "boot.console has the consoles",
            "systemd.machine_id", "nbroot writes it for each client",
            "systemd.hostname", "nbroot writes it for each client");

    private static final Shape FREE_WORD = Shape.of(
            Shape.CMDLINE_WORD.what(),
            "(?!(" + String.join("|", new TreeSet<>(OWN_WORDS.keySet())).replace(".", "\\.") + ")(=|$))"
                    + Shape.CMDLINE_WORD.pattern(),
            Shape.CMDLINE_WORD.hint());

    static final Form.Block BOOT = Form.block(
            Key.of(
                            "mode",
                            Form.word(Mode.values(), Mode::word),
                            "What a machine without a client entry gets: stateless forgets everything when it is"
                                    + " switched off; toram too, and needs no server once it runs.")
                    .otherwise(Mode.STATELESS.word()),
            Key.of(
                            "console",
                            Form.listOf(Shape.CONSOLE),
                            "Where the kernel writes and people log in; the last one is /dev/console.")
                    .otherwise(List.of("tty0", "ttyS0,115200")),
            Key.of(
                            "cmdline",
                            Form.listOf(FREE_WORD),
                            "Further words for the kernel; root=, nfsroot=, ip= and the like are nbroot's own.")
                    .otherwise(List.of("quiet")));

    static final Form.Block INITRAMFS = Form.block(
            Key.of(
                            "generator",
                            Form.word(Generator.values(), Generator::word),
                            "Which program makes the initrd; auto is the suite's own.")
                    .otherwise(Generator.AUTO.word()),
            Key.of(
                            "modules",
                            Form.word(Modules.values(), Modules::word),
                            "Which drivers the initrd holds: netboot has network cards, most has disks too.")
                    .otherwise(Modules.NETBOOT.word()),
            Key.of("compress", Form.word(Compress.values(), Compress::word), "How the initrd is packed.")
                    .otherwise(Compress.ZSTD.word()),
            Key.of("extra_modules", Form.listOf(Shape.MODULE), "Kernel modules to add to the initrd, as in i40e."));

    static final Form.Block KEYBOARD = Form.block(
            Key.required("layout", Form.text(Shape.XKB_LAYOUT), "XKB layouts, as in de or \"de,us\"."),
            Key.of("model", Form.text(Shape.XKB), "XKB model.").otherwise("pc105"),
            Key.of("variant", Form.text(Shape.XKB), "XKB variants, as in nodeadkeys.")
                    .otherwise(""),
            Key.of("options", Form.text(Shape.XKB), "XKB options, as in compose:ralt.")
                    .otherwise(""));

    private BootDecoder() {}

    static Boot boot(Fields fields) {
        Boot boot = new Boot(
                fields.word("mode", Mode.values(), Mode::word),
                consoles(fields.at("console")
                        .map(BootDecoder::consoleTexts)
                        .orElseGet(() -> texts(fields.otherwise("console", List.class)))),
                fields.at("cmdline")
                        .map(BootDecoder::cmdline)
                        .orElseGet(() -> texts(fields.otherwise("cmdline", List.class))));
        fields.end();
        return boot;
    }

    private static List<String> texts(List<?> otherwise) {
        return otherwise.stream().map(String.class::cast).toList();
    }

    private static List<Console> consoles(List<String> texts) {
        return texts.stream()
                .map(text -> text.split(",", 2))
                .map(parts -> new Console(parts[0], parts.length > 1 ? parts[1] : ""))
                .toList();
    }

    private static List<String> consoleTexts(Cursor list) {
        for (Cursor item : list.list()) {
            if (item.value() instanceof YamlValue.Scalar scalar && scalar.kind() == YamlValue.Kind.NUMBER) {
                item.refuse(
                        "a speed stands alone",
                        "write \"ttyS0,115200\" in quotes: in brackets a comma begins a new entry");
                return List.of();
            }
        }
        return list.distinct();
    }

    private static List<String> cmdline(Cursor list) {
        Map<String, Position> words = new LinkedHashMap<>();
        for (Cursor item : list.list()) {
            Optional<String> own = item.value() instanceof YamlValue.Scalar scalar
                    ? Optional.of(scalar.text().split("=", 2)[0]).filter(OWN_WORDS::containsKey)
                    : Optional.empty();
            own.ifPresentOrElse(
                    word -> item.refuse(word + "= is refused: " + OWN_WORDS.get(word), "leave it out"),
                    () -> item.text()
                            .ifPresent(
                                    word -> words.putIfAbsent(word, item.value().at())));
        }
        return list.noted(words);
    }

    static Initramfs initramfs(Fields fields) {
        Initramfs initramfs = new Initramfs(
                fields.word("generator", Generator.values(), Generator::word),
                fields.word("modules", Modules.values(), Modules::word),
                fields.word("compress", Compress.values(), Compress::word),
                fields.distinct("extra_modules"));
        fields.end();
        return initramfs;
    }

    static Keyboard keyboard(Cursor value) {
        Fields fields = value.fields();
        Optional<Cursor> layout = fields.at("layout");
        if (layout.isEmpty()) {
            fields.missing("layout", "as in keyboard: {layout: de}");
        }
        Keyboard keyboard = new Keyboard(
                layout.flatMap(Cursor::text).orElse(""),
                fields.textOrDefault("model"),
                fields.textOrDefault("variant"),
                fields.textOrDefault("options"));
        fields.end();
        return keyboard;
    }
}
