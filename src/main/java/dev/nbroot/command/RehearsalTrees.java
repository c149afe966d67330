package dev.nbroot.command;

import dev.nbroot.client.ClientViews;
import dev.nbroot.client.NewSharedTree;
import dev.nbroot.client.ThrowawayView;
import dev.nbroot.report.Failure;
import dev.nbroot.serve.Rehearsed;
import dev.nbroot.serve.Trees;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Trees for a boot that must change nothing: each is a throwaway view of the real one, in which root accepts the key of
 * this run.
 */
final class RehearsalTrees implements Trees, AutoCloseable {
    private static final Path SSH_DIRECTORY = Path.of("root/.ssh");

    private final ClientViews views;
    private final Generation generation;
    private final String publicKey;
    private final Rehearsed missing;
    private final NewSharedTree shared;
    private final Path scratch;
    private final Deque<ThrowawayView> open = new ArrayDeque<>();
    private boolean closed;

    /**
     * Makes the trees of one run.
     *
     * @param generation what the machine boots
     * @param publicKey the line for root's authorized_keys
     * @param missing what is made here only
     * @param scratch a directory for that, for root only
     */
    RehearsalTrees(
            ClientViews views,
            Generation generation,
            String publicKey,
            Rehearsed missing,
            NewSharedTree shared,
            Path scratch) {
        this.missing = missing;
        this.shared = shared;
        this.scratch = scratch;
        this.views = views;
        this.generation = generation;
        this.publicKey = publicKey;
    }

    @Override
    public Path open(Generation asked) throws IOException {
        return asked.equals(generation)
                ? prepared(views.throwaway(generation, Optional.empty())).path()
                : asked.tree();
    }

    @Override
    public Path open(ClientRecord client) throws IOException {
        if (missing.clients().contains(client)) {
            Overlays.View view = prepared(views.throwaway(generation, Optional.empty()));
            shared.rehearse(client, view.path(), Files.createTempDirectory(scratch, "keys"));
            return view.path();
        }
        return prepared(views.throwaway(generation, Optional.of(client))).path();
    }

    @Override
    public Path open(KeptDirectory kept) throws IOException {
        return kept(views.throwaway(Files.isDirectory(kept.directory()) ? kept.directory() : beginning(kept)))
                .path();
    }

    /** What stage would begin it with. */
    private Path beginning(KeptDirectory kept) throws IOException {
        Path source = TreePath.resolve(generation.tree(), kept.path());
        return Files.isDirectory(source) ? source : Files.createDirectories(scratch.resolve("empty"));
    }

    @Override
    public Rehearsed rehearsed() {
        return missing;
    }

    /** Exports are opened on threads that may come to this when the run is over. */
    private synchronized ThrowawayView kept(ThrowawayView view) throws IOException {
        if (closed) {
            view.close();
            throw new IOException("the server is closing");
        }
        open.push(view);
        return view;
    }

    @Override
    public boolean lasting() {
        return false;
    }

    private synchronized Overlays.View prepared(ThrowawayView view) throws IOException {
        kept(view);
        Path directory = TreePath.resolve(view.path(), SSH_DIRECTORY);
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path keys = TreePath.resolve(view.path(), SSH_DIRECTORY.resolve("authorized_keys"));
        Files.writeString(keys, publicKey + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        return view;
    }

    /** @throws Failure when a view's directory cannot be deleted */
    @Override
    public synchronized void close() {
        closed = true;
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
