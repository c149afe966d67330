package dev.nbroot.profile;

import dev.nbroot.profile.YamlValue.Kind;
import dev.nbroot.profile.YamlValue.Mapping;
import dev.nbroot.profile.YamlValue.Scalar;
import dev.nbroot.profile.YamlValue.Sequence;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One value while it is decoded. What is not as expected becomes a problem at the value's place, and no result.
 *
 * @param path the value's name in messages, as in {@code users[0].passwd}
 */
record Cursor(Decoding decoding, String path, YamlValue value) {

    Cursor {
        decoding.note(path, value.at());
    }

    void refuse(String message, String hint) {
        decoding.refuse(value.at(), path, message, hint);
    }

    private void expected(String what, String hint) {
        refuse("expected " + what + ", found " + value.describe(), hint);
    }

    Optional<String> text() {
        if (value instanceof Scalar scalar && scalar.kind() == Kind.TEXT) {
            return Optional.of(scalar.text());
        }
        boolean quotable = value instanceof Scalar scalar && scalar.kind() != Kind.NOTHING;
        expected("text", quotable ? "put it in quotes, YAML does not read it as text" : "write one text here");
        return Optional.empty();
    }

    Optional<String> text(Shape shape) {
        Optional<String> text = text();
        Optional<String> complaint = text.flatMap(shape::complaint);
        complaint.ifPresent(message -> refuse(message, shape.hint()));
        return complaint.isPresent() ? Optional.empty() : text;
    }

    Optional<Boolean> flag() {
        if (value instanceof Scalar scalar && scalar.kind() == Kind.FLAG) {
            // YAML 1.1 has three spellings of each (yaml.org/type/bool.html).
            return Optional.of(scalar.text().matches("(?i)true|yes|on"));
        }
        expected("true or false", "write true or false, without quotes");
        return Optional.empty();
    }

    Optional<Long> number(long least, long most) {
        if (value instanceof Scalar scalar && scalar.kind() == Kind.NUMBER) {
            String digits = scalar.text();
            if (digits.matches("0|[1-9][0-9]{0,17}")
                    && Long.parseLong(digits) >= least
                    && Long.parseLong(digits) <= most) {
                return Optional.of(Long.parseLong(digits));
            }
            refuse(
                    Shape.shown(digits) + " is not a whole number from " + least + " to " + most,
                    "write decimal digits without a leading 0");
        } else {
            expected("a number", "write digits, without quotes");
        }
        return Optional.empty();
    }

    /** {@return the constant with this word} */
    <E> Optional<E> word(E[] constants, Function<E, String> word) {
        Optional<String> text = text();
        for (E constant : constants) {
            if (text.filter(word.apply(constant)::equals).isPresent()) {
                return Optional.of(constant);
            }
        }
        List<String> known = new ArrayList<>();
        for (E constant : constants) {
            known.add(word.apply(constant));
        }
        text.ifPresent(wrong -> refuse(
                Shape.shown(wrong) + " is none of " + String.join(", ", known),
                Nearest.to(wrong, known)
                        .map(near -> "did you mean \"" + near + "\"?")
                        .orElse("choose one of them")));
        return Optional.empty();
    }

    List<Cursor> list() {
        if (!(value instanceof Sequence sequence)) {
            expected("a list", "write it in brackets, as in [one, two], or as lines that begin with a hyphen");
            return List.of();
        }
        List<Cursor> items = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            items.add(
                    new Cursor(decoding, path + "[" + i + "]", sequence.items().get(i)));
        }
        return items;
    }

    /** {@return the texts of a list, repeated ones left out} */
    List<String> distinct(Shape shape) {
        Map<String, Position> texts = new LinkedHashMap<>();
        for (Cursor item : list()) {
            item.text(shape)
                    .ifPresent(text -> texts.putIfAbsent(text, item.value().at()));
        }
        return noted(texts);
    }

    /** {@return these values of a list, after noting where each was written} */
    <T> List<T> noted(Map<T, Position> values) {
        int index = 0;
        for (Position at : values.values()) {
            decoding.note(path + "[" + index++ + "]", at);
        }
        return List.copyOf(values.keySet());
    }

    /** {@return the keys of a map; none, after a problem, when it is something else} */
    Fields fields() {
        if (value instanceof Mapping mapping) {
            return Fields.of(decoding, path, mapping);
        }
        expected("a map", "write its keys on lines of their own below it, or in braces");
        return Fields.ofNoMap(decoding, path, value.at());
    }

    /** {@return a path on the host, relative to the profile that has it; absolute and normal} */
    Optional<Path> hostPath() {
        return text().flatMap(this::hostPath);
    }

    /** As {@link #hostPath()}, for a path that is only a part of this value. */
    Optional<Path> hostPath(String text) {
        if (text.isBlank()) {
            refuse("the path is empty", "give a path relative to the profile, or an absolute one");
            return Optional.empty();
        }
        boolean atHome = text.equals("~") || text.startsWith("~/");
        return path(atHome ? text.substring(Math.min(2, text.length())) : text)
                .map(atHome ? decoding.home()::resolve : decoding.directoryOf(value.at())::resolve)
                .map(Path::normalize);
    }

    /** {@return a path inside the root: absolute, without {@code .} or {@code ..}, not the root directory itself} */
    Optional<Path> rootPath() {
        Optional<String> text = text();
        Optional<Path> path = text.flatMap(this::path);
        boolean clean = path.isPresent()
                && path.get().isAbsolute()
                && path.get().equals(path.get().normalize())
                && path.get().getFileName() != null
                && text.get().chars().noneMatch(c -> c < ' ' || c == 0x7f);
        if (path.isPresent() && !clean) {
            refuse(
                    Shape.shown(text.get()) + " is not a path inside the root",
                    "begin with / and leave out . and .. as in /etc/motd");
        }
        return clean ? path : Optional.empty();
    }

    private Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            refuse(
                    "no path can have these characters in this locale",
                    "use plain letters, or run nbroot with LC_ALL=C.UTF-8");
            return Optional.empty();
        }
    }
}
