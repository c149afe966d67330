package dev.nbroot.system.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.system.PosixFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxPosixFilesTest {
    private static final int ENOENT = 2;
    private static final int EBADF = 9;
    private static final int EAGAIN = 11;
    private static final int ENOTDIR = 20;

    private final PosixFiles posix = new LinuxPosixFiles();

    @TempDir
    Path work;

    private ByteBuffer name(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length + 1).put(0, bytes);
    }

    @Test
    void createsWritesReadsAndStats() throws IOException {
        ByteBuffer path = name(work.resolve("file").toString());
        int flags = PosixFiles.CREATE_NEW | PosixFiles.READ | PosixFiles.WRITE;
        int fd = posix.open(PosixFiles.NO_DIRECTORY, posix.address(path), flags, 0600);
        assertThat(fd).isPositive();
        ByteBuffer data = name("hello");
        assertThat(posix.pwrite(fd, posix.address(data), 5, 1L << 32)).isEqualTo(5);
        ByteBuffer back = ByteBuffer.allocateDirect(5);
        assertThat(posix.pread(fd, posix.address(back), 5, 1L << 32)).isEqualTo(5);
        assertThat(back.get(4)).isEqualTo((byte) 'o');
        ByteBuffer statx = ByteBuffer.allocateDirect(256).order(ByteOrder.nativeOrder());
        assertThat(posix.statx(fd, posix.address(statx))).isZero();
        assertThat(statx.getLong(40)).isEqualTo((1L << 32) + 5);
        assertThat(statx.getLong(32)).isEqualTo(Files.getAttribute(work.resolve("file"), "unix:ino"));
        assertThat(posix.open(PosixFiles.NO_DIRECTORY, posix.address(path), flags, 0600))
                .isEqualTo(-17);
        assertThat(posix.close(fd)).isZero();
    }

    @Test
    void tellsWhatWasReadFromDisks() throws IOException {
        ByteBuffer usage = ByteBuffer.allocateDirect(144);
        Path file = Files.write(work.resolve("file"), new byte[100_000]);
        ByteBuffer path = name(file.toString());
        int fd = posix.open(PosixFiles.NO_DIRECTORY, posix.address(path), PosixFiles.READ, 0);
        ByteBuffer data = ByteBuffer.allocateDirect(100_000);
        // Making a file may well read: where there is room for it. And another program may have the memory given back.
        long read = -1;
        for (int i = 0; i < 20 && read != 0; i++) {
            long before = posix.blocksRead(posix.address(usage));
            assertThat(before).isNotNegative();
            assertThat(posix.pread(fd, posix.address(data), 100_000, 0)).isEqualTo(100_000);
            read = posix.blocksRead(posix.address(usage)) - before;
        }
        assertThat(read).as("it is in memory").isZero();
        assertThat(posix.close(fd)).isZero();
    }

    @Test
    void tellsWhatTheKernelHasInMemory() throws IOException {
        Files.createFile(work.resolve("file"));
        ByteBuffer path = name(work.toString());
        int directory = posix.open(PosixFiles.NO_DIRECTORY, posix.address(path), PosixFiles.PLACE, 0);
        ByteBuffer how = ByteBuffer.allocateDirect(24);
        int file = posix.openCached(directory, posix.address(name("file")), posix.address(how));
        assertThat(file).isPositive();
        assertThat(posix.close(file)).isZero();
        ByteBuffer unheardOf = name("never asked for");
        assertThat(posix.openCached(directory, posix.address(unheardOf), posix.address(how)))
                .isEqualTo(-EAGAIN);
        ByteBuffer statx = ByteBuffer.allocateDirect(256);
        assertThat(posix.statxAt(directory, posix.address(unheardOf), posix.address(statx)))
                .isEqualTo(-ENOENT);
        assertThat(posix.openCached(directory, posix.address(unheardOf), posix.address(how)))
                .isEqualTo(-ENOENT);
        assertThat(posix.close(directory)).isZero();
    }

    @Test
    void doesNotFollowALinkUnlessTold() throws IOException {
        Files.createSymbolicLink(work.resolve("link"), work);
        ByteBuffer path = name(work.resolve("link").toString());
        int flags = PosixFiles.READ | PosixFiles.DIRECTORY;
        assertThat(posix.open(PosixFiles.NO_DIRECTORY, posix.address(path), flags, 0))
                .isEqualTo(-ENOTDIR);
        int fd = posix.open(PosixFiles.NO_DIRECTORY, posix.address(path), flags | PosixFiles.FOLLOW, 0);
        assertThat(fd).isPositive();
        posix.close(fd);
    }

    /** The Java machine makes system calls of its own between ours and the look at errno: it must not disturb it. */
    @Test
    void errnoIsThatOfTheCallOnEveryThread() throws InterruptedException {
        ByteBuffer missing = name(work.resolve("missing").toString());
        Map<Integer, Integer> seen = new ConcurrentHashMap<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            boolean odd = t % 2 == 1;
            Thread thread = new Thread(() -> {
                List<byte[]> garbage = new ArrayList<>();
                for (int i = 0; i < 30_000; i++) {
                    int result = odd
                            ? posix.open(PosixFiles.NO_DIRECTORY, posix.address(missing), PosixFiles.READ, 0)
                            : posix.fsync(-1);
                    seen.merge(result, 1, Integer::sum);
                    garbage.add(new byte[2048]);
                    if (garbage.size() > 1000) {
                        garbage.clear();
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(seen).isEqualTo(Map.of(-ENOENT, 60_000, -EBADF, 60_000));
    }
}
