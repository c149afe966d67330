package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.system.PosixFiles;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file with a bad sector in its middle, whose ends are in the page cache. */
@Timeout(60)
class BrokenDiskIT {
    private static final int MIB = 1 << 20;
    private static final int EIO = 5;
    private static final int EAGAIN = 11;
    private static final int EOPNOTSUPP = 95;
    private static final int BAD = 600 * 1024;
    private static final int BAD_BYTES = 4096;

    @TempDir
    Path work;

    private final PosixFiles kernel = new LinuxPosixFiles();
    private final byte[] content = new byte[2 * MIB];
    private final AtomicBoolean bad = new AtomicBoolean(true);
    private final AtomicBoolean sendfile = new AtomicBoolean();
    /** What asking for what is in memory gives; 0: what is. */
    private final AtomicInteger cache = new AtomicInteger();

    @BeforeEach
    void tree() throws IOException {
        Needs.root();
        new Random(1).nextBytes(content);
        Files.write(work.resolve("file"), content);
    }

    /** Reads as from such a disk: up to the bad place, and then not. */
    private Object answer(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("preadCached") && cache.get() != 0) {
            return (long) -cache.get();
        }
        if (method.getName().equals("pread") && bad.get()) {
            long count = (long) arguments[2];
            long offset = (long) arguments[3];
            if (offset >= BAD && offset < BAD + BAD_BYTES) {
                return (long) -EIO;
            }
            if (offset < BAD && offset + count > BAD) {
                arguments[2] = BAD - offset;
            }
        }
        try {
            Object result = method.invoke(kernel, arguments);
            return result instanceof FileChannel channel && bad.get() ? opened(channel) : result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private NfsServer started() throws IOException {
        PosixFiles disk = (PosixFiles)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {PosixFiles.class}, this::answer);
        Export export = Export.writable("/e", () -> work);
        NfsSettings settings = new NfsSettings(InetAddress.getLoopbackAddress(), 0, 0, -1, 2, 64L << 20, new byte[16]);
        NfsServer server =
                new NfsServer(settings, disk, ServeDirectory.policy(export), ServeDirectory.listener(System.err));
        server.start();
        return server;
    }

    private static byte[] file(NfsServer server) throws IOException {
        try (RawClient client = new RawClient(server.nfsPort())) {
            return client.lookup(client.mount("/e"), "file");
        }
    }

    /** For sendfile the same disk; or none, so that the bytes are read and written. */
    private FileChannel opened(FileChannel channel) throws IOException {
        if (sendfile.get()) {
            return new BadSector(channel, BAD, BAD + BAD_BYTES, bad::get);
        }
        channel.close();
        throw new IOException("no descriptor is left");
    }

    private record Reply(int status, byte[] bytes, boolean end) {}

    private static Reply read(RawClient client, byte[] file, int offset, int count) throws IOException {
        XdrIn body = client.nfs(6, out -> {
            out.opaque(file);
            out.int64(offset);
            out.int32(count);
        });
        int status = body.int32();
        body.fixed(4 + 84);
        if (status != 0) {
            return new Reply(status, new byte[0], false);
        }
        body.int32();
        boolean end = body.bool();
        byte[] bytes = new byte[body.opaque(MIB)];
        body.buffer().get(body.data(), bytes);
        return new Reply(status, bytes, end);
    }

    /** As a Linux client does: when it is cut off it connects again, perhaps to another loop, and repeats the call. */
    private static Reply readHard(NfsServer server, byte[] file, int offset, int count) throws IOException {
        IOException last = null;
        for (int i = 0; i < 3; i++) {
            try (RawClient client = new RawClient(server.nfsPort())) {
                return read(client, file, offset, count);
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IOException("the server cuts off whoever reads there, again and again", last);
    }

    /** A client that was told of an end would take zeros for what is behind the bad place. */
    @ParameterizedTest
    @ValueSource(ints = {EAGAIN, EOPNOTSUPP})
    void isNotTakenForTheEndByWhoReadsLittle(int askingGives) throws IOException {
        cache.set(askingGives);
        try (NfsServer server = started()) {
            byte[] file = file(server);
            int little = 64 * 1024;
            try (RawClient client = new RawClient(server.nfsPort())) {
                // So that its neighbourhood counts as read.
                assertThat(read(client, file, 0, little).end()).isFalse();
                Reply around = read(client, file, BAD - little / 2, little);
                assertThat(around.status()).isZero();
                assertThat(around.end()).isFalse();
                assertThat(around.bytes()).isEqualTo(Arrays.copyOfRange(content, BAD - little / 2, BAD));
            }
            assertThat(readHard(server, file, BAD, little).status()).isEqualTo(EIO);
            assertThat(readHard(server, file, 2 * MIB - 10, little).end()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isSaidToTheClient(boolean sent) throws IOException {
        sendfile.set(sent);
        try (NfsServer server = started()) {
            byte[] file = file(server);
            Reply before = readHard(server, file, 0, MIB);
            assertThat(before.status()).isZero();
            assertThat(before.end()).isFalse();
            assertThat(before.bytes()).isEqualTo(Arrays.copyOf(content, BAD));
            assertThat(readHard(server, file, BAD, MIB).status())
                    .as("what the bad place says")
                    .isEqualTo(EIO);
            Reply behind = readHard(server, file, MIB, MIB);
            assertThat(behind.bytes()).isEqualTo(Arrays.copyOfRange(content, MIB, 2 * MIB));
            assertThat(behind.end()).isTrue();
            bad.set(false);
            assertThat(readHard(server, file, 0, MIB).bytes())
                    .as("the sector was written anew")
                    .isEqualTo(Arrays.copyOf(content, MIB));
        }
    }
}
