package dev.nbroot.nfs;

import dev.nbroot.nfs.xdr.XdrIn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A machine that has mounted a tree and goes on reading it by the handles that it got at first, as a kernel does: when its
 * connection is lost it waits for the server, without an end.
 */
public final class TreeReader implements AutoCloseable {
    private static final int MOST = 64 * 1024;
    private static final int LOOKUP_EVERY = 7;
    private static final long PAUSE_MILLIS = 20;

    private final int port;
    private final String source;
    private final byte[] root;
    private final Map<String, byte[]> expected;
    private final Map<String, byte[]> handles = new LinkedHashMap<>();
    private final List<String> errors = new ArrayList<>();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong reconnects = new AtomicLong();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Thread thread;
    private RawClient client;

    /**
     * Mounts, looks every file up, and begins to read.
     *
     * @param source the address that this machine has, on the loopback network
     * @param path what it mounts
     * @param expected contents by name, of files in the mounted directory itself, no more than 64 KiB each
     */
    public TreeReader(int port, String source, String path, Map<String, byte[]> expected) throws IOException {
        this.port = port;
        this.source = source;
        this.expected = expected;
        this.client = new RawClient(port, source);
        this.root = client.mount(path);
        for (String name : expected.keySet()) {
            handles.put(name, client.lookup(root, name));
        }
        this.thread = new Thread(this::loop, "reader " + source);
        thread.start();
    }

    /** {@return what went wrong so far} */
    public synchronized List<String> errors() {
        return List.copyOf(errors);
    }

    /** {@return how many files it has read} */
    public long reads() {
        return reads.get();
    }

    /** {@return how often it had to connect again} */
    public long reconnects() {
        return reconnects.get();
    }

    /** {@return the status of GETATTR for the tree's root; 0 is OK, 70 is stale} */
    public int rootStatus() throws IOException {
        try (RawClient another = new RawClient(port, source)) {
            return another.getattrStatus(root);
        }
    }

    private void loop() {
        while (!stop.get()) {
            for (Map.Entry<String, byte[]> file : handles.entrySet()) {
                if (stop.get()) {
                    return;
                }
                try {
                    read(file.getKey(), file.getValue());
                } catch (IOException e) {
                    reconnect();
                }
            }
        }
    }

    private void read(String name, byte[] handle) throws IOException {
        if (reads.get() % LOOKUP_EVERY == 0 && !Arrays.equals(client.lookup(root, name), handle)) {
            fail("LOOKUP of " + name + " gives another handle");
        }
        XdrIn body = client.nfs(6, out -> {
            out.opaque(handle);
            out.int64(0);
            out.int32(MOST);
        });
        int status = body.int32();
        if (status != RawClient.NFS_OK) {
            fail("READ of " + name + " says " + status);
            return;
        }
        if (body.bool()) {
            body.fixed(84);
        }
        body.int32();
        boolean whole = body.bool();
        byte[] contents = new byte[body.opaque(MOST)];
        body.buffer().get(body.data(), contents);
        if (!whole || !Arrays.equals(contents, expected.get(name))) {
            fail("READ of " + name + " gives something else");
        }
        reads.incrementAndGet();
    }

    private synchronized void fail(String what) {
        errors.add(what);
    }

    private void reconnect() {
        while (!stop.get()) {
            try {
                Thread.sleep(PAUSE_MILLIS);
                client.close();
                client = new RawClient(port, source);
                reconnects.incrementAndGet();
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException e) {
                // The server is away.
                continue;
            }
        }
    }

    /** Stops reading. */
    public void stop() throws InterruptedException {
        stop.set(true);
        thread.join();
    }

    @Override
    public void close() throws IOException {
        stop.set(true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
