package dev.nbroot.client;

import dev.nbroot.report.Failure;
import dev.nbroot.state.Generation;
import dev.nbroot.state.KeptDirectories;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.PathExchange;
import dev.nbroot.system.TreePath;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Gives kept directories what a generation has at their paths, as a container engine fills a fresh volume: owners, modes,
 * times, links, extended attributes. Each appears by rename when it is whole and on disk; the caller holds the client's
 * lock.
 *
 * @param commands copies
 * @param paths lets directories change places
 */
public record KeptContents(Commands commands, PathExchange paths) {
    /**
     * Makes a directory, unless it is there: what a machine wrote is never touched.
     *
     * @return whether it was made
     * @throws Failure of kind {@code FAILED} or {@code COMMAND} when it cannot be; then it is not there
     */
    public boolean fill(KeptDirectory kept, Generation generation) {
        if (Files.isDirectory(kept.directory(), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Path made = copy(kept, generation);
        try {
            Files.move(made, kept.directory(), StandardCopyOption.ATOMIC_MOVE);
            AtomicFile.sync(kept.directory().getParent());
            return true;
        } catch (IOException e) {
            throw Failure.io("make the directory", kept.directory(), e);
        }
    }

    /** Puts what the generation has into a directory's place, and deletes what the machine wrote. */
    public void renew(KeptDirectory kept, Generation generation) {
        Path made = copy(kept, generation);
        paths.exchange(made, kept.directory());
        TreeRemoval.remove(made);
    }

    /** Deletes a directory, at once for all who look. */
    public void remove(KeptDirectory kept) {
        Path aside = hidden(kept);
        TreeRemoval.remove(aside);
        try {
            Files.move(kept.directory(), aside, StandardCopyOption.ATOMIC_MOVE);
            AtomicFile.sync(aside.getParent());
        } catch (IOException e) {
            throw Failure.io("remove", kept.directory(), e);
        }
        TreeRemoval.remove(aside);
    }

    private static Path hidden(KeptDirectory kept) {
        return kept.directory()
                .resolveSibling(KeptDirectories.BEING_MADE + kept.directory().getFileName());
    }

    private Path copy(KeptDirectory kept, Generation generation) {
        Path made = hidden(kept);
        TreeRemoval.remove(made);
        try {
            Path top = made.getParent();
            if (!Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
                // Machines make programs setuid there: out of reach for the server's own users.
                ClientLayers.make(top, ClientLayers.OWNER_ONLY);
                AtomicFile.sync(top.getParent());
            }
            Path source = TreePath.resolve(generation.tree(), kept.path());
            if (Files.isDirectory(source)) {
                // Not --archive, which says nothing when extended attributes cannot be copied.
                // It must not outlive this process, or it would mix with what the next one copies.
                commands.run(Invocation.of(
                        "setpriv",
                        "--pdeathsig",
                        "KILL",
                        "cp",
                        "--no-dereference",
                        "--recursive",
                        "--preserve=mode,ownership,timestamps,links,xattr",
                        "--reflink=auto",
                        "--no-target-directory",
                        "--",
                        source.toString(),
                        made.toString()));
            } else {
                ClientLayers.make(made, ClientLayers.PUBLIC);
            }
            commands.run(Invocation.of("sync", "--file-system", made.toString()));
            return made;
        } catch (IOException e) {
            TreeRemoval.remove(made);
            throw Failure.io("make the directory", made, e);
        } catch (Failure failure) {
            TreeRemoval.remove(made);
            throw failure;
        }
    }
}
