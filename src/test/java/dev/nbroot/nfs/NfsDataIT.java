package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.report.Events;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxOverlays;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** READ and WRITE of all sizes: from disk and from memory, on a plain file system and on a client's view. */
class NfsDataIT {
    private static final int MIB = 1 << 20;
    private static final int FILE_BYTES = 3 * MIB + 5;

    @TempDir
    Path work;

    private final byte[] content = new byte[FILE_BYTES];
    private Path lower;

    @BeforeEach
    void tree() throws IOException {
        Needs.root();
        new Random(1).nextBytes(content);
        lower = Files.createDirectory(work.resolve("lower"));
        Files.write(lower.resolve("file"), content);
    }

    private interface Use {
        void of(RawClient client, byte[] root) throws IOException;
    }

    private void serving(Path tree, Use use) throws IOException {
        Export export = Export.writable("/e", () -> tree);
        NfsSettings settings = NfsSettings.usual(InetAddress.getLoopbackAddress(), new byte[16])
                .withPorts(0, 0, -1);
        try (NfsServer server = new NfsServer(
                settings, new LinuxPosixFiles(), ServeDirectory.policy(export), ServeDirectory.listener(System.err))) {
            server.start();
            try (RawClient client = new RawClient(server.nfsPort())) {
                use.of(client, client.mount("/e"));
            }
        }
    }

    private void onAView(Use use) throws IOException {
        Path upper = Files.createDirectory(work.resolve("upper"));
        Path index = Files.createDirectory(work.resolve("index"));
        try (Overlays.View view = new LinuxOverlays().open(List.of(lower), upper, index)) {
            serving(view.path(), use);
        }
    }

    /** Takes the file out of the page cache, so that the next reads have to wait for the disk. */
    private void forget() {
        new LinuxCommands(Events.none())
                .run(Invocation.of(
                        "dd",
                        "if=/dev/null",
                        "of=" + lower.resolve("file"),
                        "oflag=nocache",
                        "conv=notrunc,fdatasync",
                        "count=0"));
    }

    @Test
    void readsWhatIsOnDiskOnly() throws IOException {
        serving(lower, this::readAllSizes);
    }

    @Test
    void readsWhatIsOnDiskOnlyThroughAView() throws IOException {
        onAView(this::readAllSizes);
    }

    private void readAllSizes(RawClient client, byte[] root) throws IOException {
        byte[] file = client.lookup(root, "file");
        for (int count : new int[] {1, 1001, 32 * 1024, 128 * 1024, 500_001, MIB}) {
            for (int offset : new int[] {0, 4096, 777_777, 3 * MIB - 3, 3 * MIB, FILE_BYTES, FILE_BYTES + 10}) {
                forget();
                for (String state : List.of("cold", "warm")) {
                    int from = Math.min(offset, FILE_BYTES);
                    int to = Math.min(offset + count, FILE_BYTES);
                    assertThat(read(client, file, offset, count))
                            .as("%s: %d bytes at %d", state, count, offset)
                            .isEqualTo(Arrays.copyOfRange(content, from, Math.max(from, to)));
                }
            }
        }
    }

    /** {@return the bytes of a READ, after checking what it says about the file's end} */
    private static byte[] read(RawClient client, byte[] file, int offset, int count) throws IOException {
        XdrIn body = client.nfs(6, out -> {
            out.opaque(file);
            out.int64(offset);
            out.int32(count);
        });
        assertThat(body.int32()).as("status").isZero();
        body.fixed(4 + 84);
        int said = body.int32();
        boolean end = body.bool();
        byte[] bytes = new byte[body.opaque(MIB)];
        body.buffer().get(body.data(), bytes);
        assertThat(said).isEqualTo(bytes.length);
        assertThat(end).as("the file's end").isEqualTo(offset + count >= FILE_BYTES);
        assertThat(body.remaining()).isZero();
        return bytes;
    }

    @Test
    void writesLargePartsInTurns() throws IOException {
        byte[] expected = Arrays.copyOf(content, size(3));
        onAView((client, root) -> {
            byte[] file = client.lookup(root, "file");
            for (int stable = 0; stable <= 2; stable++) {
                byte[] bytes = new byte[MIB - stable];
                new Random(stable).nextBytes(bytes);
                int offset = stable * MIB + 11;
                int how = stable;
                XdrIn body = client.nfs(7, out -> {
                    out.opaque(file);
                    out.int64(offset);
                    out.int32(bytes.length);
                    out.int32(how);
                    out.opaque(bytes);
                });
                assertThat(body.int32()).as("status").isZero();
                assertThat(body.bool()).as("has what the file was before").isTrue();
                assertThat(body.int64()).as("its size before").isEqualTo(size(stable));
                body.fixed(16);
                body.fixed(4 + 84);
                assertThat(body.int32()).isEqualTo(bytes.length);
                assertThat(body.int32()).as("how stable").isEqualTo(stable);
                System.arraycopy(bytes, 0, expected, offset, bytes.length);
            }
        });
        assertThat(Files.readAllBytes(work.resolve("upper/file"))).isEqualTo(expected);
    }

    private static int size(int writesDone) {
        return writesDone < 3 ? FILE_BYTES : Math.max(FILE_BYTES, 2 * MIB + 11 + MIB - 2);
    }
}
