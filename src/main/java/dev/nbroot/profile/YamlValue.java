package dev.nbroot.profile;

import java.util.List;
import java.util.Map;

/** A piece of YAML that knows where it was written. */
sealed interface YamlValue {

    /** {@return the place of its first character} */
    Position at();

    /** {@return what it is, for "expected text, found ..."; never the value itself, it may be a secret} */
    String describe();

    /** A text, number, flag or nothing. */
    record Scalar(Position at, Kind kind, String text) implements YamlValue {
        @Override
        public String describe() {
            return kind.description;
        }
    }

    /** A list. */
    record Sequence(Position at, List<YamlValue> items) implements YamlValue {
        @Override
        public String describe() {
            return "a list";
        }
    }

    /** A map; keys are in the order written. */
    record Mapping(Position at, Map<String, Entry> entries) implements YamlValue {
        @Override
        public String describe() {
            return "a map";
        }
    }

    /** One key of a map with its value. */
    record Entry(Position keyAt, YamlValue value) {}

    /** What YAML 1.1 takes a scalar for: only unquoted ones are something other than text. */
    enum Kind {
        TEXT("text"),
        NUMBER("a number"),
        FLAG("a yes-or-no value"),
        DATE("a date"),
        NOTHING("nothing");

        private final String description;

        Kind(String description) {
            this.description = description;
        }
    }

    /** {@return whether there is no value: {@code key:} or {@code key: null}} */
    default boolean isNothing() {
        return this instanceof Scalar scalar && scalar.kind() == Kind.NOTHING;
    }
}
