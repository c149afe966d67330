package dev.nbroot.build;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The package files that earlier builds fetched, shared by all roots, each named by its SHA-256.
 *
 * <p>Builds need no lock against each other: a file appears by rename, whole; a build works on hard links of its own,
 * so the pool may be emptied at any time; and no file is used before its hash was looked at again.
 */
final class DebPool {
    private final Path directory;
    private final Events events;

    DebPool(Path cache, Events events) {
        directory = cache.resolve("debs");
        this.events = events;
    }

    private Path file(Deb deb) {
        return directory.resolve(deb.sha256().substring(0, 2)).resolve(deb.sha256() + ".deb");
    }

    /** {@return those that are not there, or damaged; a damaged file is deleted} */
    List<Deb> missing(List<Deb> debs) {
        return debs.parallelStream().filter(deb -> !holds(deb)).toList();
    }

    private boolean holds(Deb deb) {
        Path file = file(deb);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (isWhole(deb, file)) {
            return true;
        }
        events.on(new Event.Notice(
                Event.Level.DETAIL, "the cached package file is damaged, fetching it again: " + deb.fileName()));
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Failure.io("delete the damaged package file", file, e);
        }
        return false;
    }

    /** {@return whether a file is what the package list says} */
    static boolean isWhole(Deb deb, Path file) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(file) == deb.size()
                    && Sha256.of(file).equals(deb.sha256());
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw Failure.io("read the package file", file, e);
        }
    }

    /** Takes a file over, if it is what it should be: apt leaves the beginning of one that it could not fetch. */
    void add(Deb deb, Path fetched) {
        Path file = file(deb);
        if (!isWhole(deb, fetched)) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            Path beside = Files.createTempFile(file.getParent(), ".", "");
            Files.move(fetched, beside, StandardCopyOption.REPLACE_EXISTING);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Failure.io("fill the package cache", file, e);
        }
    }

    /**
     * Links package files into a directory, under apt's names.
     *
     * @return those that somebody has deleted meanwhile
     */
    List<Deb> link(List<Deb> debs, Path archives) {
        return debs.stream().filter(deb -> !link(deb, archives)).toList();
    }

    private boolean link(Deb deb, Path archives) {
        Path link = archives.resolve(deb.fileName());
        try {
            Files.createLink(link, file(deb));
            return true;
        } catch (FileAlreadyExistsException e) {
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return copy(deb, link);
        }
    }

    /** The cache may lie on another file system than the roots. */
    private boolean copy(Deb deb, Path to) {
        try {
            Files.copy(file(deb), to);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw Failure.io("read the package cache", file(deb), e);
        }
    }
}
