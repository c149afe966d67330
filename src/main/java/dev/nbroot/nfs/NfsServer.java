package dev.nbroot.nfs;

import dev.nbroot.nfs.export.ExportPolicy;
import dev.nbroot.nfs.export.NfsListener;
import dev.nbroot.nfs.mount.MountProgram;
import dev.nbroot.nfs.mount.MountTable;
import dev.nbroot.nfs.portmap.Mapping;
import dev.nbroot.nfs.portmap.PortmapClient;
import dev.nbroot.nfs.portmap.PortmapProgram;
import dev.nbroot.nfs.rpc.BindFailure;
import dev.nbroot.nfs.rpc.RpcProgram;
import dev.nbroot.nfs.rpc.RpcServer;
import dev.nbroot.nfs.v3.DiskThreads;
import dev.nbroot.nfs.v3.ExportRegistry;
import dev.nbroot.nfs.v3.Nfs3Program;
import dev.nbroot.nfs.v3.NfsAclProgram;
import dev.nbroot.nfs.v3.Workspace;
import dev.nbroot.system.PosixFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * An NFSv3 server with MOUNT and port mapper. Needs root: it acts as its callers, and opens files by handle.
 *
 * <p>Use: construct, {@link #start}, {@link #close}.
 */
public final class NfsServer implements AutoCloseable {
    private static final int MOST_DESCRIPTORS_PER_LOOP = 8192;
    private static final int MOST_CONNECTIONS = 16_384;
    private static final long LISTING_BYTES = 16L * 1024 * 1024;
    private static final long CLOSE_SECONDS = 5;

    private final NfsSettings settings;
    private final NfsListener listener;
    private final ExportRegistry registry;
    private final PosixFiles posix;
    private final long verifier = new SecureRandom().nextLong();
    private final MountTable mounts = new MountTable();
    private final Queue<Workspace> workspaces = new ConcurrentLinkedQueue<>();
    private final DiskThreads disk;
    private volatile List<Mapping> mappings = List.of();
    private final List<Mapping> registered = new ArrayList<>();
    private RpcServer rpc;
    private int nfsPort;
    private int mountPort;
    private int portmapPort;

    /** Makes a server that does nothing yet. */
    public NfsServer(NfsSettings settings, PosixFiles posix, ExportPolicy policy, NfsListener listener) {
        this.settings = settings;
        this.posix = posix;
        this.listener = listener;
        this.registry = new ExportRegistry(posix, policy, listener, settings.secret());
        this.disk = new DiskThreads(posix);
    }

    /**
     * Binds all sockets and begins to serve.
     *
     * <p>When another program holds the port mapper's port and is a port mapper, the server registers with it instead
     * of running its own.
     *
     * @throws BindFailure when a port cannot be had; {@link BindFailure#taken} tells whether another program has it
     * @throws IOException when something else is amiss
     */
    public void start() throws IOException {
        rpc = new RpcServer(
                settings.loops(),
                settings.bufferBytes(),
                posix::address,
                this::programs,
                mostConnections(),
                this::expelled,
                this::internalError);
        try {
            bind();
            rpc.start();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void bind() throws IOException {
        nfsPort = rpc.listen(new InetSocketAddress(settings.address(), settings.nfsPort()));
        mountPort = settings.mountPort() == settings.nfsPort()
                ? nfsPort
                : rpc.listen(new InetSocketAddress(settings.address(), settings.mountPort()));
        mappings = List.of(
                new Mapping(Nfs3Program.NUMBER, 3, Mapping.TCP, nfsPort),
                new Mapping(Nfs3Program.NUMBER, 3, Mapping.UDP, nfsPort),
                new Mapping(NfsAclProgram.NUMBER, 3, Mapping.TCP, nfsPort),
                new Mapping(MountProgram.NUMBER, 3, Mapping.TCP, mountPort),
                new Mapping(MountProgram.NUMBER, 3, Mapping.UDP, mountPort));
        if (settings.portmapPort() < 0) {
            return;
        }
        try {
            portmapPort = rpc.listen(new InetSocketAddress(settings.address(), settings.portmapPort()));
            List<Mapping> all = new ArrayList<>(mappings);
            all.add(new Mapping(PortmapProgram.NUMBER, 2, Mapping.TCP, portmapPort));
            all.add(new Mapping(PortmapProgram.NUMBER, 2, Mapping.UDP, portmapPort));
            mappings = List.copyOf(all);
        } catch (BindFailure e) {
            if (!e.taken()) {
                throw e;
            }
            register(e);
        }
    }

    private void register(BindFailure taken) throws IOException {
        PortmapClient client = new PortmapClient(settings.portmapPort());
        for (Mapping mapping : mappings) {
            boolean set;
            try {
                // A server that was killed did not take its registration back; where we listen, nobody else does.
                set = client.set(mapping) || client.port(mapping) == mapping.port();
            } catch (IOException e) {
                // Whoever holds the port is no port mapper.
                taken.addSuppressed(e);
                throw taken;
            }
            if (!set) {
                throw new IOException("the port mapper of this host has another server registered as program "
                        + mapping.program() + ": stop that server first");
            }
            registered.add(mapping);
        }
        portmapPort = settings.portmapPort();
    }

    private List<RpcProgram> programs(Executor loop) {
        Workspace workspace = new Workspace(registry, descriptorsPerLoop(), loop, disk, verifier);
        workspaces.add(workspace);
        return List.of(
                new Nfs3Program(workspace, LISTING_BYTES / settings.loops()),
                new NfsAclProgram(workspace),
                new MountProgram(workspace, mounts),
                new PortmapProgram(() -> mappings));
    }

    private int descriptorsPerLoop() {
        long limit = DescriptorLimit.ofThisProcess();
        return (int) Math.max(64, Math.min(MOST_DESCRIPTORS_PER_LOOP, (limit - 256) / 2 / settings.loops()));
    }

    /** Half of all descriptors are for files; what connections do not take is left for those that replies are sent from. */
    private static int mostConnections() {
        return (int) Math.max(64, Math.min(MOST_CONNECTIONS, (DescriptorLimit.ofThisProcess() - 256) / 4));
    }

    /** The loop's thread may act as a client's user just now; those that wait for disks never do. */
    private void expelled(InetSocketAddress who, String reason) {
        try {
            disk.write(who.getAddress(), () -> listener.refused(who, "connection", "", reason));
        } catch (RejectedExecutionException e) {
            // The server is closing, and all connections with it.
        }
    }

    private void internalError(Throwable cause) {
        listener.failed("serving NFS clients", cause);
    }

    /** {@return the port of NFS, once started} */
    public int nfsPort() {
        return nfsPort;
    }

    /** {@return the port of MOUNT, once started} */
    public int mountPort() {
        return mountPort;
    }

    /** {@return the port of the port mapper, our own or the host's; 0 when there is none} */
    public int portmapPort() {
        return portmapPort;
    }

    /**
     * Closes everything that is open of an export, so that its tree can be taken away; clients get "stale" until the
     * policy finds the export again.
     *
     * @param exportId see Export#id
     * @throws IOException when the loops do not answer in time; the export stays open then
     */
    public void release(long exportId) throws IOException {
        Object root = registry.remove(exportId);
        try {
            letGo(exportId);
        } catch (IOException e) {
            registry.putBack(root);
            throw e;
        }
        registry.closeRoot(root);
    }

    private void letGo(long exportId) throws IOException {
        CountDownLatch done = new CountDownLatch(workspaces.size());
        workspaces.forEach(w -> w.execute(() -> {
            w.release(exportId);
            done.countDown();
        }));
        try {
            if (!done.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("a serving thread did not let go of the export in " + CLOSE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while an export was closed", e);
        }
    }

    /**
     * Releases what is open of exports that the policy does not have any more; to be called every few seconds, by a
     * thread that acts as root.
     */
    public void releaseForgotten() {
        for (long id : registry.forgotten()) {
            try {
                release(id);
            } catch (IOException e) {
                listener.failed("closing what is not exported any more", e);
            }
        }
    }

    /** Stops serving and closes everything; takes some seconds at most. */
    @Override
    public void close() {
        unregister();
        disk.close();
        if (rpc != null) {
            rpc.close();
        }
        registry.close();
    }

    private void unregister() {
        if (registered.isEmpty()) {
            return;
        }
        PortmapClient client = new PortmapClient(settings.portmapPort());
        for (Mapping mapping : registered) {
            try {
                client.unset(mapping);
            } catch (IOException e) {
                listener.failed("taking the registration back from the host's port mapper", e);
                break;
            }
        }
        registered.clear();
    }
}
