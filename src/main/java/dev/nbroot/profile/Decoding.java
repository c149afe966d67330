package dev.nbroot.profile;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What all decoders share while one profile is decoded.
 *
 * @param profile the profile, as the user named it
 * @param home what {@code ~} means
 * @param problems takes what is wrong
 * @param positions takes who set what
 * @param inputs takes the files read
 */
record Decoding(Path profile, Path home, Problems problems, Map<String, Position> positions, List<InputFile> inputs) {

    void note(String path, Position at) {
        positions.put(path, at);
    }

    /**
     * Adds a problem.
     *
     * @param path the name of what is wrong; not said again behind {@code --set PATH}, nor for the profile as a whole
     */
    void refuse(Position at, String path, String message, String hint) {
        boolean said = path.isEmpty() || at.equals(Position.set(path));
        problems.add(at, said ? message : path + ": " + message, hint);
    }

    /** {@return where relative paths begin that were written at this place: the directory of that profile} */
    Path directoryOf(Position at) {
        Path file = at.line() == 0 ? profile : Path.of(at.source());
        return file.toAbsolutePath().normalize().getParent();
    }
}
