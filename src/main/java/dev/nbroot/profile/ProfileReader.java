package dev.nbroot.profile;

import dev.nbroot.profile.YamlValue.Mapping;
import dev.nbroot.report.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads profiles: YAML files, what they include, and {@code --set} options. */
public final class ProfileReader {
    private final Path home;

    /**
     * Makes a reader.
     *
     * @param home what {@code ~} means, as in {@code file:~/.ssh/id_ed25519.pub}
     */
    public ProfileReader(Path home) {
        this.home = home.toAbsolutePath();
    }

    /**
     * Reads a profile and checks all of it.
     *
     * @param profile the file; its name in messages is the one given here
     * @param sets {@code key.path=value} options, later ones win; the value is YAML. Maps are merged, lists replaced
     * @throws Failure of kind {@code INVALID_INPUT}: the first problem is the message, all others are the details,
     *     each beginning with {@code file:line:column} or {@code --set key}
     */
    public Profile read(Path profile, List<String> sets) {
        return examine(profile, sets).orThrow();
    }

    /** As {@link #read}, but tells what it found instead of throwing. */
    public Reading examine(Path profile, List<String> sets) {
        Problems problems = new Problems();
        List<InputFile> inputs = new ArrayList<>();
        Mapping merged = merged(profile, sets, problems, inputs);
        if (!problems.none()) {
            return new Reading(Optional.empty(), problems.sorted(profile.toString()));
        }
        Map<String, Position> positions = new HashMap<>();
        Decoding decoding = new Decoding(profile, home, problems, positions, inputs);
        ProfileDecoder decoder = new ProfileDecoder(decoding, merged);
        return new Reading(
                Optional.of(decoder.profile(new Provenance(profile, inputs, positions))),
                problems.sorted(profile.toString()));
    }

    private static Mapping merged(Path profile, List<String> sets, Problems problems, List<InputFile> inputs) {
        Merge merge = new Merge(problems);
        Mapping merged = new Mapping(Position.startOf(profile.toString()), Map.of());
        for (Mapping layer : new ProfileFiles(problems, inputs).read(profile)) {
            merged = merge.include(merged, layer);
        }
        for (String set : sets) {
            merged = merge.option(merged, SetOption.parse(set, problems));
        }
        return merged;
    }
}
