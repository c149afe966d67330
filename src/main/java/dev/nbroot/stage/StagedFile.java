package dev.nbroot.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * A file that nbroot put into a boot tree, as it was then.
 *
 * @param path relative to the tree
 * @param sha256 of its contents
 * @param size in bytes; -1 while it is being written
 * @param modified its mtime in nanoseconds since 1970
 * @param unnamedSince since when no menu names it, in seconds since 1970; 0 while one does
 */
record StagedFile(Path path, String sha256, long size, long modified, long unnamedSince) {

    /** {@return a file that is about to be written} */
    static StagedFile intended(TreeFile file) {
        return new StagedFile(file.path(), file.sha256(), -1, 0, 0);
    }

    /** {@return the file as it lies in the tree now} */
    static StagedFile written(Path tree, Path path, String sha256) throws IOException {
        BasicFileAttributes now = attributes(tree.resolve(path));
        return new StagedFile(path, sha256, now.size(), nanos(now), 0);
    }

    StagedFile unnamed(long since) {
        return new StagedFile(path, sha256, size, modified, since);
    }

    StagedFile named() {
        return unnamed(0);
    }

    /** {@return whether size and time say that nobody has written to it since, so that it need not be read} */
    boolean looksUntouched(Path tree) throws IOException {
        BasicFileAttributes now = attributes(tree.resolve(path));
        return now.size() == size && nanos(now) == modified;
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static long nanos(BasicFileAttributes attributes) {
        return attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    }
}
