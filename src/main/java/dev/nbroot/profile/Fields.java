package dev.nbroot.profile;

import dev.nbroot.profile.YamlValue.Entry;
import dev.nbroot.profile.YamlValue.Mapping;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The keys of one map while it is decoded. The map's form says which keys there are; a decoder that asks for another one, or
 * forgets one, is found the first time it runs.
 */
final class Fields {
    private final Decoding decoding;
    private final String path;
    private final Mapping mapping;
    private final Form form;
    private final boolean told;
    private final Set<String> asked = new LinkedHashSet<>();

    private Fields(Decoding decoding, String path, Mapping mapping, Form form, boolean told) {
        this.decoding = decoding;
        this.path = path;
        this.mapping = mapping;
        this.form = form;
        this.told = told;
    }

    /**
     * Begins a map.
     *
     * @param path the map's name in messages; empty for the profile itself
     * @param form which keys it has
     */
    static Fields of(Decoding decoding, String path, Mapping mapping, Form form) {
        return new Fields(decoding, path, mapping, form, false);
    }

    /** {@return no keys, for what is no map: that was told, so no key is told to be missing} */
    static Fields ofNoMap(Decoding decoding, String path, Position at, Form form) {
        return new Fields(decoding, path, new Mapping(at, Map.of()), form, true);
    }

    /** {@return all keys, for maps whose keys are names} */
    Set<String> keys() {
        return mapping.entries().keySet();
    }

    /** {@return the value of a key; absent also for {@code key: null}} */
    Optional<Cursor> at(String key) {
        asked.add(key);
        Form inner = formOf(key);
        Entry entry = mapping.entries().get(key);
        if (entry == null) {
            return Optional.empty();
        }
        Cursor value = new Cursor(decoding, pathOf(key), entry.value(), inner);
        return entry.value().isNothing() ? Optional.empty() : Optional.of(value);
    }

    private Form formOf(String key) {
        return form instanceof Form.Names names
                ? names.value()
                : form.as(Form.Block.class).key(key).form();
    }

    /** {@return the value that a key has when nobody writes one} */
    <T> T otherwise(String key, Class<T> type) {
        return form.as(Form.Block.class)
                .key(key)
                .otherwise()
                .map(type::cast)
                .orElseThrow(() -> new IllegalStateException(pathOf(key) + " has no default"));
    }

    Optional<String> text(String key) {
        return at(key).flatMap(Cursor::text);
    }

    String textOrDefault(String key) {
        return text(key).orElseGet(() -> otherwise(key, String.class));
    }

    boolean flag(String key) {
        return at(key).flatMap(Cursor::flag).orElseGet(() -> otherwise(key, Boolean.class));
    }

    /** {@return the constant whose word the value is, or else the default's} */
    <E> E word(String key, E[] constants, Function<E, String> word) {
        return at(key).flatMap(value -> value.word(constants, word)).orElseGet(() -> {
            String otherwise = otherwise(key, String.class);
            return Arrays.stream(constants)
                    .filter(constant -> word.apply(constant).equals(otherwise))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(pathOf(key) + " has no word " + otherwise));
        });
    }

    List<Cursor> list(String key) {
        return at(key).map(Cursor::list).orElse(List.of());
    }

    List<String> distinct(String key) {
        return at(key).map(Cursor::distinct).orElse(List.of());
    }

    /** {@return the keys of an inner map; none when it is missing} */
    Fields map(String key) {
        return at(key).map(Cursor::fields)
                .orElseGet(() -> of(decoding, pathOf(key), new Mapping(mapping.at(), Map.of()), formOf(key)));
    }

    /** Tells that the map as a whole is wrong. */
    void refuse(String message, String hint) {
        decoding.refuse(mapping.at(), path, message, hint);
    }

    /** Tells that a required key is not there, or null; a misspelt one is told as such when the map ends. */
    void missing(String key, String hint) {
        boolean misspelt = keys().stream()
                .anyMatch(other ->
                        !isKnown(other) && Nearest.to(other, List.of(key)).isPresent());
        if (!misspelt && !told) {
            decoding.problems().add(mapping.at(), pathOf(key) + " is missing", hint);
        }
    }

    private boolean isKnown(String key) {
        return form instanceof Form.Names
                || form.as(Form.Block.class).keys().stream()
                        .anyMatch(one -> one.name().equals(key));
    }

    /** Ends the decoding of this map: every key that its form does not describe is a problem. */
    void end() {
        List<String> known =
                form.as(Form.Block.class).keys().stream().map(Key::name).toList();
        if (!asked.containsAll(known)) {
            throw new IllegalStateException("the decoder of " + path + " asks for " + asked + " only, of " + known);
        }
        mapping.entries().forEach((key, entry) -> {
            if (!known.contains(key)) {
                RefusedKeys.Refusal refusal = RefusedKeys.find(path, key)
                        .orElseGet(() -> new RefusedKeys.Refusal("there is no such key", Nearest.hint(key, known)));
                decoding.refuse(entry.keyAt(), pathOf(key), refusal.reason(), refusal.hint());
            }
        });
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
