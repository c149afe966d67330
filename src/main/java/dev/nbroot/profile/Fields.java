package dev.nbroot.profile;

import dev.nbroot.profile.YamlValue.Entry;
import dev.nbroot.profile.YamlValue.Mapping;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keys of one map while it is decoded. The keys that a decoder asks for are the ones that are known. */
final class Fields {
    private final Decoding decoding;
    private final String path;
    private final Mapping mapping;
    private final boolean told;
    private final Set<String> known = new LinkedHashSet<>();

    private Fields(Decoding decoding, String path, Mapping mapping, boolean told) {
        this.decoding = decoding;
        this.path = path;
        this.mapping = mapping;
        this.told = told;
    }

    /**
     * Begins a map.
     *
     * @param path the map's name in messages; empty for the profile itself
     */
    static Fields of(Decoding decoding, String path, Mapping mapping) {
        return new Fields(decoding, path, mapping, false);
    }

    /** {@return no keys, for what is no map: that was told, so no key is told to be missing} */
    static Fields ofNoMap(Decoding decoding, String path, Position at) {
        return new Fields(decoding, path, new Mapping(at, Map.of()), true);
    }

    /** {@return all keys, for maps whose keys are names} */
    Set<String> keys() {
        return mapping.entries().keySet();
    }

    /** {@return the value of a key; absent also for {@code key: null}} */
    Optional<Cursor> at(String key) {
        known.add(key);
        Entry entry = mapping.entries().get(key);
        if (entry == null) {
            return Optional.empty();
        }
        Cursor value = new Cursor(decoding, pathOf(key), entry.value());
        return entry.value().isNothing() ? Optional.empty() : Optional.of(value);
    }

    Optional<String> text(String key, Shape shape) {
        return at(key).flatMap(value -> value.text(shape));
    }

    boolean flag(String key, boolean otherwise) {
        return at(key).flatMap(Cursor::flag).orElse(otherwise);
    }

    List<Cursor> list(String key) {
        return at(key).map(Cursor::list).orElse(List.of());
    }

    List<String> distinct(String key, Shape shape) {
        return at(key).map(value -> value.distinct(shape)).orElse(List.of());
    }

    /** {@return the keys of an inner map; none when it is missing} */
    Fields map(String key) {
        return at(key).map(Cursor::fields)
                .orElseGet(() -> of(decoding, pathOf(key), new Mapping(mapping.at(), Map.of())));
    }

    /** Tells that the map as a whole is wrong. */
    void refuse(String message, String hint) {
        decoding.refuse(mapping.at(), path, message, hint);
    }

    /** Tells that a required key is not there, or null; a misspelt one is told as such when the map ends. */
    void missing(String key, String hint) {
        boolean misspelt = keys().stream()
                .anyMatch(other -> !known.contains(other)
                        && Nearest.to(other, List.of(key)).isPresent());
        if (!misspelt && !told) {
            decoding.problems().add(mapping.at(), pathOf(key) + " is missing", hint);
        }
    }

    /** Ends the decoding of this map: every key that nobody asked for is a problem. */
    void end() {
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
