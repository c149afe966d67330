package dev.nbroot.cli;

import dev.nbroot.command.Place;
import dev.nbroot.command.ShowOutcome.Setting;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values and who set them, in columns: the name, the value cut to what a line can hold, the place. */
record OriginTable(List<Setting> settings) {
    private static final int WIDEST_VALUE = 44;
    private static final int HASH_DIGITS = 12;

    String text() {
        int names = width(settings.stream().map(Setting::path).toList());
        int values = width(settings.stream().map(OriginTable::value).toList());
        return settings.stream()
                .map(setting -> pad(setting.path(), names) + "  " + pad(value(setting), values) + "  "
                        + setting.origin().map(Place::toString).orElse("default"))
                .collect(Collectors.joining("\n"));
    }

    private static int width(List<String> texts) {
        return texts.stream().mapToInt(OriginTable::length).max().orElse(0);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - length(text));
    }

    /** Texts without surprises stand for themselves, as in YAML; everything else is in quotes, on one line. */
    private static String value(Setting setting) {
        Object value = setting.value();
        if (value instanceof Map<?, ?>) {
            return "{}";
        }
        if (!(value instanceof String text)) {
            return value.toString();
        }
        if (text.matches("sha256:[0-9a-f]{64}")) {
            return text.substring(0, "sha256:".length() + HASH_DIGITS) + "…";
        }
        boolean plain = text.matches("[A-Za-z0-9./(][^\\p{Cntrl}\"\\\\]*") && !text.endsWith(" ");
        return cut(plain ? text : quoted(text));
    }

    private static String quoted(String text) {
        return "\""
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replaceAll("\\p{Cntrl}", "?")
                + "\"";
    }

    private static String cut(String text) {
        return length(text) <= WIDEST_VALUE
                ? text
                : text.substring(0, text.offsetByCodePoints(0, WIDEST_VALUE - 1)) + "…";
    }
}
