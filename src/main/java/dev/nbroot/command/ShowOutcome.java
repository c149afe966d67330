package dev.nbroot.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code nbroot show} found.
 *
 * @param name the profile's
 * @param directory where its relative paths begin
 * @param yaml the whole profile, to be built again in that directory; with the secrets that the user's files have
 * @param profile the same as data
 * @param settings every single value with who set it; secrets as their SHA-256
 */
public record ShowOutcome(
        String name, Path directory, String yaml, Map<String, Object> profile, List<Setting> settings) {

    /** Copies the list. */
    public ShowOutcome {
        settings = List.copyOf(settings);
    }

    /**
     * One value.
     *
     * @param path as in {@code users[0].groups[1]}
     * @param value a text, a whole number, a flag; an empty list or map
     * @param origin who set it; absent for a default
     */
    public record Setting(String path, Object value, Optional<Place> origin) {}
}
