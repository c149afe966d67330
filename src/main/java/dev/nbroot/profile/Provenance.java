package dev.nbroot.profile;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where a profile comes from: the files that were read, and the place that set each value.
 *
 * @param file the profile, as the user named it
 * @param inputs all files that were read, the profile first; overlay trees and the keyring are not read, only named
 * @param positions for each value that somebody set, its place; keys as in {@code users[0].passwd}
 */
public record Provenance(Path file, List<InputFile> inputs, Map<String, Position> positions) {

    /** Copies the collections. */
    public Provenance {
        inputs = List.copyOf(inputs);
        positions = new TreeMap<>(positions);
    }

    /** {@return where exactly this value was written; absent when nobody wrote it} */
    public Optional<Position> origin(String path) {
        return Optional.ofNullable(positions.get(path));
    }

    /** {@return where this value, or else the nearest block around it, was written} */
    public Position where(String path) {
        for (String at = path; !at.isEmpty(); at = at.substring(0, cut(at))) {
            Position position = positions.get(at);
            if (position != null) {
                return position;
            }
        }
        return Position.startOf(file.toString());
    }

    private static int cut(String path) {
        return Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('[')));
    }
}
