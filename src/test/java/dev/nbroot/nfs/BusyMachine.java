package dev.nbroot.nfs;

import dev.nbroot.nfs.xdr.XdrIn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A machine that has mounted its view, and reads, looks up and writes in it a little, again and again. */
public final class BusyMachine implements AutoCloseable {
    private static final int READ = 6;
    private static final int WRITE = 7;
    private static final int CREATE = 8;
    private static final int READDIRPLUS = 17;
    private static final int UNCHECKED = 0;
    private static final int UNSTABLE = 0;
    private static final int BYTES = 32 * 1024;

    private final RawClient client;
    private final byte[] root;
    private final byte[] etc;
    private final byte[] hostname;
    private final byte[] bin;
    private final byte[] log;
    private long calls;

    /**
     * Mounts.
     *
     * @param source the address that this machine has, on the loopback network
     * @param path its view
     */
    public BusyMachine(int port, String source, String path) throws IOException {
        client = new RawClient(port, source);
        root = client.mount(path);
        etc = found(root, "etc");
        hostname = found(etc, "hostname");
        bin = found(found(root, "usr"), "bin");
        log = created(found(found(root, "var"), "log"), "busy.log");
    }

    private byte[] found(byte[] directory, String name) throws IOException {
        byte[] handle = client.lookup(directory, name);
        if (handle.length == 1) {
            throw new IOException("LOOKUP of " + name + " says " + handle[0]);
        }
        calls++;
        return handle;
    }

    private byte[] created(byte[] directory, String name) throws IOException {
        XdrIn body = client.nfs(CREATE, out -> {
            out.opaque(directory);
            out.opaque(name.getBytes(StandardCharsets.UTF_8));
            out.int32(UNCHECKED);
            for (int i = 0; i < 6; i++) {
                out.int32(0);
            }
        });
        expect(body.int32(), "CREATE");
        return found(directory, name);
    }

    /** Makes a round of eight calls. */
    public void round() throws IOException {
        found(root, "usr");
        found(bin, "ls");
        expect(client.getattrStatus(etc), "GETATTR");
        read(hostname);
        read(found(bin, "bash"));
        expect(
                client.nfs(READDIRPLUS, out -> {
                            out.opaque(etc);
                            out.int64(0);
                            out.int64(0);
                            out.int32(BYTES);
                            out.int32(BYTES);
                        })
                        .int32(),
                "READDIRPLUS");
        expect(
                client.nfs(WRITE, out -> {
                            out.opaque(log);
                            out.int64(calls * 100 % (1 << 20));
                            out.int32(100);
                            out.int32(UNSTABLE);
                            out.opaque(new byte[100]);
                        })
                        .int32(),
                "WRITE");
    }

    private void read(byte[] file) throws IOException {
        expect(
                client.nfs(READ, out -> {
                            out.opaque(file);
                            out.int64(0);
                            out.int32(BYTES);
                        })
                        .int32(),
                "READ");
    }

    private void expect(int status, String call) throws IOException {
        calls++;
        if (status != RawClient.NFS_OK) {
            throw new IOException(call + " says " + status);
        }
    }

    /** {@return how many calls were answered so far} */
    public long calls() {
        return calls;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
