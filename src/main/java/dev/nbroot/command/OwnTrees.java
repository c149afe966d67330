package dev.nbroot.command;

import dev.nbroot.client.ClientViews;
import dev.nbroot.report.Failure;
import dev.nbroot.serve.Trees;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.StateLock;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The real trees: generations as they lie on disk, and each client's view, open from its first use. */
final class OwnTrees implements Trees, AutoCloseable {
    private final ClientViews views;
    private final StateFiles files;
    private final StateDirectory state;
    private final Map<ClientRecord, Overlays.View> open = new ConcurrentHashMap<>();
    private final Map<KeptDirectory, StateLock> locks = new HashMap<>();
    private boolean closed;

    OwnTrees(ClientViews views, StateDirectory state) {
        this.views = views;
        this.files = new StateFiles(state);
        this.state = state;
    }

    @Override
    public Path open(Generation generation) {
        return generation.tree();
    }

    @Override
    public Path open(ClientRecord client) throws IOException {
        try {
            // The server's own knowledge of it is up to a second old.
            if (!files.client(client.mac()).equals(Optional.of(client))) {
                throw new IOException(client.hostname() + " has just been changed; it is served in a second");
            }
            // It may take long; others are opened meanwhile.
            return keep(client, views.open(client));
        } catch (Failure failure) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private synchronized Path keep(ClientRecord client, Overlays.View view) throws IOException {
        if (closed) {
            view.close();
            throw closing();
        }
        open.put(client, view);
        return view.path();
    }

    private static IOException closing() {
        return new IOException("the server is closing");
    }

    /** The lock tells commands that the machine is on, as an open view does. */
    @Override
    public synchronized Path open(KeptDirectory kept) throws IOException {
        if (closed) {
            throw closing();
        }
        if (locks.containsKey(kept)) {
            // To be refused a lock that this process has would take it away: fcntl(2) forgets it when any descriptor is
            // closed.
            throw new IOException(kept.path() + " of " + kept.mac().colons() + " is being let go of");
        }
        try {
            locks.put(kept, StateLock.take(lock(kept), "what " + kept.mac().colons() + " keeps in " + kept.path()));
            return kept.directory();
        } catch (Failure failure) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    /** The threads that serve clients have no umask, and whoever may write to a lock file can hold it for ever. */
    private Path lock(KeptDirectory kept) throws IOException {
        Path file = state.lock(kept.lock());
        Files.createDirectories(file.getParent());
        if (!Files.exists(file)) {
            try {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
            } catch (FileAlreadyExistsException e) {
                // Not replaced: whoever was faster may have locked it.
                return file;
            }
        }
        return file;
    }

    @Override
    public synchronized void close(KeptDirectory kept) {
        StateLock lock = locks.remove(kept);
        if (lock != null) {
            lock.close();
        }
    }

    @Override
    public int links(ClientRecord client, int handleType, byte[] handle, int shown) {
        Overlays.View view = open.get(client);
        return view == null ? shown : view.links(handleType, handle, shown);
    }

    @Override
    public synchronized void close(ClientRecord client) {
        Overlays.View view = open.remove(client);
        if (view != null) {
            view.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        open.values().forEach(Overlays.View::close);
        open.clear();
        locks.values().forEach(StateLock::close);
        locks.clear();
    }
}
