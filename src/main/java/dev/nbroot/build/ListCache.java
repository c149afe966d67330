package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Sha256;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Package lists of earlier builds: apt fetches only those that have changed since. Each build works on a copy.
 *
 * <pre>
 *   cache/lists/HASH/  files/  sums.json
 * </pre>
 *
 * <p>When the archive says that nothing has changed, apt takes the lists that it finds for those that it has verified
 * once: so a copy counts only if each file is what it was then.
 *
 * @param site whose cache
 */
record ListCache(BuildSite site) {
    /**
     * What the lists were.
     *
     * @param hashes by file name, SHA-256
     */
    record Sums(Map<String, String> hashes) {}

    private Path of(List<String> archives) {
        return site.cache().resolve("lists").resolve(Sha256.of(String.join("\n", archives)));
    }

    void fill(Path lists, List<String> archives) {
        Path files = of(archives).resolve("files");
        Optional<Sums> sums = CheckedJson.read(of(archives).resolve("sums.json"), Sums.class);
        if (sums.isEmpty() || !Files.isDirectory(files)) {
            return;
        }
        site.run(Invocation.of("cp", "--archive", "--reflink=auto", files + "/.", lists.toString())
                .accepting(0, 1));
        try {
            if (!sums(lists).equals(sums.get())) {
                TreeRemoval.remove(lists);
                Files.createDirectories(lists.resolve("partial"));
            }
        } catch (IOException e) {
            throw Failure.io("read the package lists in", lists, e);
        }
    }

    private static Sums sums(Path lists) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(lists)) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    hashes.put(file.getFileName().toString(), Sha256.of(file));
                }
            }
        }
        return new Sums(hashes);
    }

    void keep(Path lists, List<String> archives) {
        Path at = of(archives);
        try {
            Path making = Unfinished.begin(at.getParent(), "lists");
            try {
                Files.write(making.resolve("sums.json"), CheckedJson.bytes(sums(lists)));
                site.run(Invocation.of(
                        "cp",
                        "--archive",
                        "--reflink=auto",
                        lists.toString(),
                        making.resolve("files").toString()));
                replace(at, making);
            } finally {
                TreeRemoval.remove(making);
            }
        } catch (IOException e) {
            throw Failure.io("keep the package lists in", at, e);
        }
    }

    private static void replace(Path at, Path making) throws IOException {
        Path old = Unfinished.beside(at.getParent(), "old");
        try {
            Files.move(at, old.resolve("lists"), StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            // There were none yet, or another build is just replacing them.
        }
        try {
            Files.move(making, at, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(at)) {
                throw e;
            }
            // Another build has just kept the same.
        }
        TreeRemoval.remove(old);
    }
}
