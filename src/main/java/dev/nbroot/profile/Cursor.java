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
 * @param form what it may be
 */
record Cursor(Decoding decoding, String path, YamlValue value, Form form) {

    Cursor {
        decoding.note(path, value.at());
    }

    void refuse(String message, String hint) {
        decoding.refuse(value.at(), path, message, hint);
    }

    private void expected(String what, String hint) {
        refuse("expected " + what + ", found " + value.describe(), hint);
    }

    /** {@return the same value, taken for one of the alternatives that its form has} */
    Cursor as(Form alternative) {
        if (!(form instanceof Form.Either either) || !either.forms().contains(alternative)) {
            throw new IllegalStateException("no alternative of the form of " + path + ": " + alternative);
        }
        return new Cursor(decoding, path, value, alternative);
    }

    /** {@return a text of the form's shape} */
    Optional<String> text() {
        Shape shape = form.as(Form.Text.class).shape();
        Optional<String> text = plain();
        Optional<String> complaint = text.flatMap(shape::complaint);
        complaint.ifPresent(message -> refuse(message, shape.hint()));
        return complaint.isPresent() ? Optional.empty() : text;
    }

    /** {@return any text: the caller judges it, in words of its own or because it may be a secret} */
    Optional<String> plain() {
        if (value instanceof Scalar scalar && scalar.kind() == Kind.TEXT) {
            return Optional.of(scalar.text());
        }
        boolean quotable = value instanceof Scalar scalar && scalar.kind() != Kind.NOTHING;
        expected("text", quotable ? "put it in quotes, YAML does not read it as text" : "write one text here");
        return Optional.empty();
    }

    Optional<Boolean> flag() {
        form.as(Form.Flag.class);
        return yesOrNo();
    }

    /** {@return whether this is false, where nothing else but a text or a list may stand} */
    Optional<Boolean> off() {
        form.as(Form.Off.class);
        return yesOrNo();
    }

    private Optional<Boolean> yesOrNo() {
        if (value instanceof Scalar scalar && scalar.kind() == Kind.FLAG) {
            // YAML 1.1 has three spellings of each (yaml.org/type/bool.html).
            return Optional.of(scalar.text().matches("(?i)true|yes|on"));
        }
        expected("true or false", "write true or false, without quotes");
        return Optional.empty();
    }

    Optional<Long> number() {
        long least = form.as(Form.Number.class).least();
        long most = form.as(Form.Number.class).most();
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
        List<String> known = form.as(Form.Word.class).words();
        Optional<String> text = plain();
        for (E constant : constants) {
            if (text.filter(word.apply(constant)::equals).isPresent()) {
                return Optional.of(constant);
            }
        }
        text.ifPresent(wrong -> refuse(
                Shape.shown(wrong) + " is none of " + String.join(", ", known),
                Nearest.to(wrong, known)
                        .map(near -> "did you mean \"" + near + "\"?")
                        .orElse("choose one of them")));
        return Optional.empty();
    }

    List<Cursor> list() {
        Form item = form.as(Form.ListOf.class).item();
        if (!(value instanceof Sequence sequence)) {
            expected("a list", "write it in brackets, as in [one, two], or as lines that begin with a hyphen");
            return List.of();
        }
        List<Cursor> items = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            items.add(
                    new Cursor(decoding, path + "[" + i + "]", sequence.items().get(i), item));
        }
        return items;
    }

    /** {@return the texts of a list, repeated ones left out} */
    List<String> distinct() {
        Map<String, Position> texts = new LinkedHashMap<>();
        for (Cursor item : list()) {
            item.text().ifPresent(text -> texts.putIfAbsent(text, item.value().at()));
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
            return Fields.of(decoding, path, mapping, form);
        }
        expected("a map", "write its keys on lines of their own below it, or in braces");
        return Fields.ofNoMap(decoding, path, value.at(), form);
    }

    /** {@return a path on the host, relative to the profile that has it; absolute and normal} */
    Optional<Path> hostPath() {
        return plain().flatMap(this::hostPath);
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
        return text().flatMap(this::path);
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
