package dev.nbroot.check;

import dev.nbroot.profile.Profile;
import dev.nbroot.profile.WriteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files that a profile itself puts into the root: those it writes, and those of its overlays. */
final class RootFiles {
    /** Nobody configures with more; what is larger is data. */
    private static final int MAX_BYTES = 1 << 20;

    private final Profile profile;

    RootFiles(Profile profile) {
        this.profile = profile;
    }

    /**
     * One of them.
     *
     * @param key of the profile, as in {@code write_files[0]} or {@code overlays[1]}
     * @param path inside the root
     * @param text its contents; empty when they are no text to be read here
     */
    record RootFile(String key, Path path, String text) {
        String name() {
            return path.getFileName().toString();
        }
    }

    /** {@return the files with this path: one for each place that writes it} */
    List<RootFile> at(String path) {
        Path wanted = Path.of(path);
        return in(wanted.getParent().toString()).stream()
                .filter(file -> file.path().equals(wanted))
                .toList();
    }

    /** {@return the files that lie directly in this directory} */
    List<RootFile> in(String directory) {
        Path wanted = Path.of(directory);
        List<RootFile> files = new ArrayList<>();
        for (int i = 0; i < profile.overlays().size(); i++) {
            files.addAll(ofOverlay("overlays[" + i + "]", profile.overlays().get(i), wanted));
        }
        for (int i = 0; i < profile.writeFiles().size(); i++) {
            WriteFile file = profile.writeFiles().get(i);
            if (wanted.equals(file.path().getParent())) {
                files.add(new RootFile(
                        "write_files[" + i + "]",
                        file.path(),
                        new String(file.content().bytes(), StandardCharsets.UTF_8)));
            }
        }
        return files;
    }

    /** An overlay that cannot be listed or read here is the build's affair, which runs as root. */
    private static List<RootFile> ofOverlay(String key, Path overlay, Path wanted) {
        Path directory = overlay.resolve(Path.of("/").relativize(wanted));
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .map(file ->
                            new RootFile(key, wanted.resolve(file.getFileName().toString()), text(file)))
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static String text(Path file) {
        try {
            return Files.size(file) > MAX_BYTES ? "" : new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return "";
        }
    }
}
