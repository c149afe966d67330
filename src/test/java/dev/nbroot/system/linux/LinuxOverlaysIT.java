package dev.nbroot.system.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import dev.nbroot.it.Needs;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The overlay adapter against the running kernel. */
class LinuxOverlaysIT {
    /** Not /tmp: that may be a tmpfs, which cannot be what a state directory is on. */
    private static final Path DISK = Path.of("/var/tmp");

    private static final int NAME_TO_HANDLE_AT = 303;
    private static final int OPEN_BY_HANDLE_AT = 304;
    private static final int AT_FDCWD = -100;
    private static final int HANDLE_BYTES = 128;

    private final LinuxOverlays overlays = new LinuxOverlays();
    private Path top;
    private Path lower;

    @BeforeEach
    void prepare() throws IOException {
        Needs.root();
        Needs.that("amd64".equals(System.getProperty("os.arch")), "needs amd64: the test has its system call numbers");
        top = Files.createTempDirectory(DISK, "nbroot-overlay-");
        lower = Files.createDirectories(top.resolve("lower, with: odd\\name"));
        Files.createDirectories(lower.resolve("etc/conf"));
        Files.writeString(lower.resolve("etc/hostname"), "lower\n");
        Files.writeString(lower.resolve("etc/gone"), "lower\n");
        Files.writeString(lower.resolve("etc/conf/old"), "lower\n");
    }

    @AfterEach
    void clean() {
        if (top != null) {
            TreeRemoval.remove(top);
        }
    }

    @Test
    void writesGoToTheUpperLayerAndNothingIsMounted() throws IOException {
        Path client = layers("client");
        List<String> mounts = Files.readAllLines(Path.of("/proc/self/mountinfo"));
        try (Overlays.View view = open(client)) {
            assertThat(view.path().resolve("etc/hostname")).hasContent("lower\n");
            Files.writeString(view.path().resolve("etc/hostname"), "client\n");
            assertThat(view.path().resolve("etc/hostname")).hasContent("client\n");
            assertThat(Files.readAllLines(Path.of("/proc/self/mountinfo"))).isEqualTo(mounts);
        }
        assertThat(client.resolve("upper/etc/hostname")).hasContent("client\n");
        assertThat(lower.resolve("etc/hostname")).hasContent("lower\n");
    }

    @Test
    void anUpperInUseIsRefusedAndFreeAgainAfterClose() throws IOException {
        Path client = layers("client");
        try (Overlays.View view = open(client)) {
            assertThat(view.path()).isDirectory();
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> open(client).close())
                    .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.LOCKED))
                    .withMessageContaining(client.resolve("upper").toString());
        }
        open(client).close();
    }

    @Test
    void theUpperOfAnOpenViewCannotBecomeALowerOfAnother() throws IOException {
        Path client = layers("client");
        Path second = layers("second");
        try (Overlays.View view = open(client)) {
            assertThat(view.path()).isDirectory();
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> overlays.open(
                                    List.of(client.resolve("upper"), lower),
                                    second.resolve("upper"),
                                    second.resolve("work"))
                            .close())
                    .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.LOCKED));
        }
    }

    @Test
    void fileHandlesOutliveTheViewAndARenameOfTheClient() throws IOException {
        Path client = layers("client.new");
        byte[] untouched;
        byte[] changed;
        byte[] created;
        byte[] directory;
        try (Overlays.View view = open(client)) {
            Files.writeString(view.path().resolve("etc/hostname"), "client\n");
            Files.writeString(view.path().resolve("etc/created"), "created\n");
            untouched = handle(view.path().resolve("etc/conf/old"));
            changed = handle(view.path().resolve("etc/hostname"));
            created = handle(view.path().resolve("etc/created"));
            directory = handle(view.path().resolve("etc"));
        }
        Path renamed = Files.move(client, top.resolve("client"));
        try (Overlays.View view = open(renamed)) {
            assertThat(read(view, untouched)).isEqualTo("lower\n");
            assertThat(read(view, changed)).isEqualTo("client\n");
            assertThat(read(view, created)).isEqualTo("created\n");
            assertThat(list(view, directory)).contains("hostname", "created", "conf", "gone");
            // A handle taken before a copy-up must find the copy: NFS clients keep handles of files they then write.
            Files.writeString(view.path().resolve("etc/conf/old"), "changed later\n");
            assertThat(read(view, untouched)).isEqualTo("changed later\n");
        }
    }

    /** As a machine does that keeps its files open over two restarts of its server. */
    @Test
    void whatIsWrittenByHandleAloneIsKeptUnderItsName() throws IOException {
        Path client = layers("client");
        Files.writeString(lower.resolve("etc/twin"), "lower\n");
        Files.createLink(lower.resolve("etc/conf/twin"), lower.resolve("etc/twin"));
        Map<String, byte[]> handles = new TreeMap<>();
        try (Overlays.View view = open(client)) {
            for (String name : List.of("etc/hostname", "etc/gone", "etc/conf/old", "etc/twin")) {
                handles.put(name, handle(view.path().resolve(name)));
            }
        }
        try (Overlays.View view = open(client)) {
            for (byte[] handle : handles.values()) {
                append(view, handle, "by handle\n");
            }
            Files.delete(view.path().resolve("etc/gone"));
        }
        // Where a server was killed between the two halves of it.
        new HiddenCopies(List.of(lower), client.resolve("upper"), client.resolve("work")).protect();
        for (int opening = 0; opening < 3; opening++) {
            try (Overlays.View view = open(client)) {
                for (String name : List.of("etc/hostname", "etc/conf/old", "etc/twin")) {
                    assertThat(view.path().resolve(name)).hasContent("lower\nby handle\n");
                    assertThat(read(view, handles.get(name))).isEqualTo("lower\nby handle\n");
                }
                assertThat(view.path().resolve("etc/conf/twin")).hasContent("lower\nby handle\n");
                assertThat(view.path().resolve("etc/gone")).doesNotExist();
            }
            assertThat(client.resolve("upper/etc/hostname")).hasContent("lower\nby handle\n");
            assertThat(client.resolve("work/nbroot-kept")).isEmptyDirectory();
        }
        try (Overlays.View view = open(client)) {
            Files.delete(view.path().resolve("etc/hostname"));
            Files.delete(view.path().resolve("etc/conf/old"));
        }
        try (Overlays.View view = open(client)) {
            assertThat(view.path().resolve("etc/hostname")).doesNotExist();
            assertThat(view.path().resolve("etc/conf")).isDirectoryNotContaining("glob:**old");
        }
        assertThat(lower.resolve("etc/hostname")).hasContent("lower\n");
    }

    @Test
    void nothingIsWrittenToWhatAnotherHasOpen() throws IOException {
        Path client = layers("client");
        byte[] hostname;
        try (Overlays.View view = open(client)) {
            hostname = handle(view.path().resolve("etc/hostname"));
        }
        try (Overlays.View other = open(client)) {
            append(other, hostname, "by handle\n");
            List<String> before = everything(client);
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> open(client).close())
                    .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.LOCKED));
            assertThat(everything(client)).isEqualTo(before);
        }
        try (Overlays.View view = open(client)) {
            assertThat(view.path().resolve("etc/hostname")).hasContent("lower\nby handle\n");
        }
        try (Stream<Path> left = Files.list(client)) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("upper", "work");
        }
    }

    /** {@return what is below a directory, with all times and link counts} */
    private static List<String> everything(Path directory) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path :
                    paths.filter(path -> !path.equals(directory)).sorted().toList()) {
                found.add(path + " "
                        + Files.readAttributes(path, "unix:nlink,ctime,lastModifiedTime", LinkOption.NOFOLLOW_LINKS));
            }
        }
        return found;
    }

    /** cron and logrotate refuse files with several links. */
    @Test
    void aChangedFileHasAsManyLinksAsNames() throws IOException {
        Path client = layers("client");
        Files.createLink(lower.resolve("etc/twin"), lower.resolve("etc/gone"));
        try (Overlays.View view = open(client)) {
            Path etc = view.path().resolve("etc");
            Files.writeString(etc.resolve("hostname"), "client\n");
            Files.writeString(etc.resolve("twin"), "client\n");
            Files.createLink(etc.resolve("second"), etc.resolve("conf/old"));
            Files.writeString(etc.resolve("created"), "client\n");
            Files.createLink(etc.resolve("created2"), etc.resolve("created"));
        }
        for (int opening = 0; opening < 2; opening++) {
            try (Overlays.View view = open(client)) {
                assertThat(Files.getAttribute(view.path().resolve("etc/hostname"), "unix:nlink"))
                        .as("what overlayfs says; the day it is 1, IndexLinks can go")
                        .isEqualTo(2);
                Map<String, Integer> links = new TreeMap<>();
                for (String name : List.of("hostname", "twin", "gone", "second", "conf/old", "created", "conf")) {
                    links.put(name, links(view, view.path().resolve("etc").resolve(name)));
                }
                assertThat(links.toString())
                        .isEqualTo("{conf=1, conf/old=2, created=2, gone=2, hostname=1, second=2, twin=2}");
            }
        }
    }

    private static int links(Overlays.View view, Path file) throws IOException {
        int shown = (int) Files.getAttribute(file, "unix:nlink");
        byte[] handle = handle(file);
        int type = ByteBuffer.wrap(handle).order(ByteOrder.nativeOrder()).getInt(4);
        return shown < 2 ? shown : view.links(type, Arrays.copyOfRange(handle, 8, handle.length), shown);
    }

    private static void append(Overlays.View view, byte[] handle, String text) throws IOException {
        int descriptor = open(view, handle);
        try {
            Files.writeString(opened(descriptor), text, StandardOpenOption.APPEND);
        } finally {
            KernelCalls.close(descriptor);
        }
    }

    @Test
    void aFormerUpperServesAsALowerWithItsDeletionsAndReplacements() throws IOException {
        Path client = layers("client");
        try (Overlays.View view = open(client)) {
            Files.delete(view.path().resolve("etc/gone"));
            Files.delete(view.path().resolve("etc/conf/old"));
            Files.delete(view.path().resolve("etc/conf"));
            Files.createDirectory(view.path().resolve("etc/conf"));
            Files.writeString(view.path().resolve("etc/conf/new"), "client\n");
        }
        Path second = layers("second");
        byte[] handle;
        List<Path> lowers = List.of(client.resolve("upper"), lower);
        try (Overlays.View view = overlays.open(lowers, second.resolve("upper"), second.resolve("work"))) {
            assertThat(view.path().resolve("etc/gone")).doesNotExist();
            assertThat(view.path().resolve("etc/conf/old")).doesNotExist();
            assertThat(view.path().resolve("etc/conf/new")).hasContent("client\n");
            Files.writeString(view.path().resolve("etc/conf/new"), "second\n");
            handle = handle(view.path().resolve("etc/conf/new"));
        }
        try (Overlays.View view = overlays.open(lowers, second.resolve("upper"), second.resolve("work"))) {
            assertThat(read(view, handle)).isEqualTo("second\n");
        }
        assertThat(client.resolve("upper/etc/conf/new")).hasContent("client\n");
        open(client).close();
    }

    @Test
    void aFileSystemThatCannotCarryAnUpperIsNamed() throws IOException {
        Path proc = Path.of("/proc/self");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> overlays.open(List.of(lower), proc, proc.resolve("task"))
                        .close())
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
                    assertThat(failure.hint()).contains("ext4");
                });
    }

    private Overlays.View open(Path client) {
        return overlays.open(List.of(lower), client.resolve("upper"), client.resolve("work"));
    }

    private Path layers(String name) throws IOException {
        Path client = Files.createDirectory(top.resolve(name));
        Files.createDirectory(client.resolve("upper"));
        Files.createDirectory(client.resolve("work"));
        return client;
    }

    /** struct file_handle: bytes, type, then the handle itself (name_to_handle_at(2)). */
    private static byte[] handle(Path file) {
        try (Memory handle = new Memory(8 + HANDLE_BYTES);
                Memory mountId = new Memory(4)) {
            handle.clear();
            handle.setInt(0, HANDLE_BYTES);
            long result = KernelCalls.syscall(NAME_TO_HANDLE_AT, AT_FDCWD, file.toString(), handle, mountId, 0);
            assertThat(result)
                    .as("name_to_handle_at: " + KernelCalls.strerror(Native.getLastError()))
                    .isZero();
            return handle.getByteArray(0, 8 + handle.getInt(0));
        }
    }

    private static Path opened(int descriptor) {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    private static int open(Overlays.View view, byte[] bytes) {
        int mount = Integer.parseInt(view.path().getFileName().toString());
        try (Memory handle = new Memory(8 + HANDLE_BYTES)) {
            handle.write(0, bytes, 0, bytes.length);
            long descriptor = KernelCalls.syscall(OPEN_BY_HANDLE_AT, mount, handle, 0);
            assertThat(descriptor)
                    .as("open_by_handle_at: " + KernelCalls.strerror(Native.getLastError()))
                    .isNotNegative();
            return Math.toIntExact(descriptor);
        }
    }

    private static String read(Overlays.View view, byte[] handle) throws IOException {
        int descriptor = open(view, handle);
        try {
            return new String(Files.readAllBytes(opened(descriptor)), StandardCharsets.UTF_8);
        } finally {
            KernelCalls.close(descriptor);
        }
    }

    private static List<String> list(Overlays.View view, byte[] handle) throws IOException {
        int descriptor = open(view, handle);
        try (Stream<Path> entries = Files.list(opened(descriptor))) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        } finally {
            KernelCalls.close(descriptor);
        }
    }
}
