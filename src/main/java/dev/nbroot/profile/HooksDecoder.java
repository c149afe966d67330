package dev.nbroot.profile;

import dev.nbroot.profile.YamlValue.Kind;
import dev.nbroot.profile.YamlValue.Mapping;
import dev.nbroot.profile.YamlValue.Scalar;
import dev.nbroot.profile.YamlValue.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decodes {@code hooks}. */
final class HooksDecoder {
    private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,5})(s|m|h)?");
    private static final String HINT = "write a string, or {run: \"apt-get clean\", chroot: true, timeout: 10m}";

    private static final Shape COMMAND =
            Shape.of("a command", Shape.HOST_PATH.pattern().pattern(), HINT);

    private static final Form.Block HOOK = Form.block(
            Key.required("run", Form.text(COMMAND), "What sh -c runs; on the host's side the root's path is $1."),
            Key.flag("chroot", false, "Whether it runs inside the root."),
            Key.of(
                            "timeout",
                            Form.either(
                                    new Form.Number(1, 999_999),
                                    Form.text(Shape.of(
                                            "a time", TIME.pattern(), "write seconds, or as in 90s, 10m, 1h"))),
                            "How long it may take: seconds, or as in 90s, 10m, 1h.")
                    .otherwise(Hook.DEFAULT_TIMEOUT.toMinutes() + "m"));

    static final Form.Block FORM = Form.block(
            phaseKey("setup", "When the root is empty; never inside it."),
            phaseKey("essential", "When the base system is there, the profile's packages are not."),
            phaseKey("customize", "When everything is installed and configured."),
            phaseKey("cleanup", "Last, before the root is published."));

    private HooksDecoder() {}

    private static Key phaseKey(String name, String about) {
        return Key.of(name, Form.listOf(Form.either(Form.text(COMMAND), HOOK)), about);
    }

    static Hooks decode(Fields fields) {
        Hooks hooks = new Hooks(
                phase(fields, "setup"),
                phase(fields, "essential"),
                phase(fields, "customize"),
                phase(fields, "cleanup"));
        fields.end();
        return hooks;
    }

    private static List<Hook> phase(Fields fields, String phase) {
        List<Hook> hooks = new ArrayList<>();
        for (Cursor item : fields.list(phase)) {
            hook(item).ifPresent(hook -> {
                if (phase.equals("setup") && hook.chroot()) {
                    item.refuse("the root is still empty in this phase, nothing can run inside", "use hooks.essential");
                }
                hooks.add(hook);
            });
        }
        return hooks;
    }

    private static Optional<Hook> hook(Cursor item) {
        if (item.value() instanceof Sequence) {
            item.refuse("expected a command, found a list", HINT);
            return Optional.empty();
        }
        if (!(item.value() instanceof Mapping)) {
            Optional<String> run = command(item);
            item.decoding().note(item.path() + ".run", item.value().at());
            return run.map(text -> hook(item, text, false, Hook.DEFAULT_TIMEOUT));
        }
        Fields fields = item.fields();
        Optional<Cursor> run = fields.at("run");
        if (run.isEmpty()) {
            fields.missing("run", HINT);
        }
        boolean chroot = fields.flag("chroot");
        Duration timeout = fields.at("timeout").flatMap(HooksDecoder::timeout).orElse(Hook.DEFAULT_TIMEOUT);
        fields.end();
        return run.flatMap(HooksDecoder::command).map(text -> hook(item, text, chroot, timeout));
    }

    private static Hook hook(Cursor item, String run, boolean chroot, Duration timeout) {
        return new Hook(
                run, chroot, timeout, item.decoding().directoryOf(item.value().at()));
    }

    private static Optional<String> command(Cursor value) {
        Optional<String> text = value.plain();
        text.filter(String::isBlank).ifPresent(blank -> value.refuse("there is no command", HINT));
        return text;
    }

    private static Optional<Duration> timeout(Cursor value) {
        if (value.value() instanceof Scalar scalar && (scalar.kind() == Kind.NUMBER || scalar.kind() == Kind.TEXT)) {
            Matcher time = TIME.matcher(scalar.text());
            if (time.matches()) {
                String unit = time.group(2) == null ? "S" : time.group(2).toUpperCase(Locale.ROOT);
                return Optional.of(Duration.parse("PT" + time.group(1) + unit));
            }
        }
        value.refuse("this is not a time", "write seconds, or as in 90s, 10m, 1h");
        return Optional.empty();
    }
}
