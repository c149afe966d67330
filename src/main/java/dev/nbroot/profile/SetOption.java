package dev.nbroot.profile;

import dev.nbroot.profile.YamlValue.Entry;
import dev.nbroot.profile.YamlValue.Mapping;
import java.util.Map;

/** One {@code --set a.b.c=value} as the profile {@code a: {b: {c: value}}}. Messages never show the value. */
final class SetOption {
    private static final String HINT = "write --set KEY=VALUE, as in --set bootstrap.suite=trixie";

    private SetOption() {}

    static Mapping parse(String option, Problems problems) {
        int equals = option.indexOf('=');
        String path = equals < 0 ? "" : option.substring(0, equals);
        Position at = Position.set(equals < 0 ? "" : path);
        Mapping nothing = new Mapping(at, Map.of());
        if (!path.matches("[^.\\[\\]\\s]+(\\.[^.\\[\\]\\s]+)*")) {
            boolean index = path.contains("[");
            problems.add(
                    equals < 0 ? new Position("--set", 0, 0) : at,
                    equals < 0
                            ? "there is no = in it"
                            : index ? "an entry of a list cannot be set" : "the key is not a path of names",
                    index ? "set the whole list, or use a profile with include:" : HINT);
            return nothing;
        }
        if (path.equals("include")) {
            problems.add(at, "include cannot be set", "write a profile that includes both");
            return nothing;
        }
        YamlValue value = YamlText.ofOption(at, option.substring(equals + 1), problems);
        String[] keys = path.split("\\.");
        for (int i = keys.length - 1; i >= 0; i--) {
            value = new Mapping(at, Map.of(keys[i], new Entry(at, value)));
        }
        return (Mapping) value;
    }
}
