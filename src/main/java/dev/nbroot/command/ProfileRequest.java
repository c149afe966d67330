package dev.nbroot.command;

import java.nio.file.Path;
import java.util.List;

/**
 * Which profile {@code nbroot show} and {@code nbroot check} are asked about.
 *
 * @param profile the YAML file
 * @param sets {@code key.path=value} options
 */
public record ProfileRequest(Path profile, List<String> sets) {
    /** Copies the list. */
    public ProfileRequest {
        sets = List.copyOf(sets);
    }
}
