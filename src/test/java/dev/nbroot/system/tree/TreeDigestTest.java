package dev.nbroot.system.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TreeDigestTest {
    private static final FileTime TIME = FileTime.from(Instant.ofEpochSecond(1_700_000_000, 123_456_789));

    @TempDir
    private Path directory;

    private final TreeDigest digest = new TreeDigest(new LinuxPosixFiles());
    private Path tree;

    /** A change of one property. */
    interface Flip {
        void apply(Path tree) throws IOException;
    }

    @BeforeEach
    void make() throws IOException {
        tree = Files.createDirectory(directory.resolve("tree"));
        Files.createDirectories(tree.resolve("usr/bin"));
        Files.writeString(tree.resolve("usr/bin/tool"), "tool");
        Files.createLink(tree.resolve("usr/bin/tool2"), tree.resolve("usr/bin/tool"));
        Files.writeString(tree.resolve("usr/bin/twin1"), "twin");
        Files.writeString(tree.resolve("usr/bin/twin2"), "twin");
        Files.createSymbolicLink(tree.resolve("bin"), Path.of("usr/bin"));
        Files.createDirectory(tree.resolve("empty"));
        Files.writeString(tree.resolve("none"), "");
        settle();
    }

    /** The same modes and times everywhere. */
    private void settle() throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!Files.isSymbolicLink(path)) {
                    boolean directory = Files.isDirectory(path);
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString(directory ? "rwxr-xr-x" : "rw-r--r--"));
                }
                setTime(path, TIME);
            }
        }
    }

    private static void setTime(Path path, FileTime time) throws IOException {
        if (Files.isSymbolicLink(path)) {
            // The JDK cannot set a link's own time; touch(1) can.
            try {
                Process touch = new ProcessBuilder("touch", "--no-dereference", "--date=" + time, path.toString())
                        .inheritIO()
                        .start();
                assertThat(touch.waitFor()).isZero();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        } else {
            Files.setLastModifiedTime(path, time);
        }
    }

    static Map<String, Flip> flips() {
        return Map.ofEntries(
                Map.entry("content", tree -> {
                    Path file = tree.resolve("usr/bin/twin1");
                    Files.writeString(file, "twim");
                    setTime(file, TIME);
                }),
                Map.entry("size", tree -> {
                    Path file = tree.resolve("none");
                    Files.writeString(file, "\0");
                    setTime(file, TIME);
                }),
                Map.entry("name", tree -> {
                    Files.move(tree.resolve("none"), tree.resolve("nonf"));
                    setTime(tree, TIME);
                }),
                Map.entry("new name", tree -> {
                    Files.writeString(tree.resolve("empty/more"), "");
                    setTime(tree.resolve("empty/more"), TIME);
                    setTime(tree.resolve("empty"), TIME);
                }),
                Map.entry("gone", tree -> {
                    Files.delete(tree.resolve("empty"));
                    setTime(tree, TIME);
                }),
                Map.entry("type", tree -> {
                    Files.delete(tree.resolve("empty"));
                    Files.writeString(tree.resolve("empty"), "");
                    Files.setAttribute(tree.resolve("empty"), "unix:mode", 0755);
                    setTime(tree.resolve("empty"), TIME);
                    setTime(tree, TIME);
                }),
                Map.entry("mode", tree -> Files.setAttribute(tree.resolve("none"), "unix:mode", 0600)),
                Map.entry("setuid", tree -> Files.setAttribute(tree.resolve("none"), "unix:mode", 04644)),
                Map.entry("sticky", tree -> Files.setAttribute(tree.resolve("empty"), "unix:mode", 01755)),
                Map.entry("mode of the top", tree -> Files.setAttribute(tree, "unix:mode", 0700)),
                Map.entry(
                        "one nanosecond",
                        tree -> setTime(
                                tree.resolve("none"),
                                FileTime.from(TIME.toInstant().plusNanos(1)))),
                Map.entry(
                        "time of a directory",
                        tree -> setTime(
                                tree.resolve("empty"),
                                FileTime.from(TIME.toInstant().plusSeconds(1)))),
                Map.entry(
                        "time of a link",
                        tree -> setTime(
                                tree.resolve("bin"),
                                FileTime.from(TIME.toInstant().plusSeconds(1)))),
                Map.entry("target", tree -> {
                    Files.delete(tree.resolve("bin"));
                    Files.createSymbolicLink(tree.resolve("bin"), Path.of("usr/bim"));
                    setTime(tree.resolve("bin"), TIME);
                    setTime(tree, TIME);
                }),
                Map.entry("two files become one", tree -> {
                    Files.delete(tree.resolve("usr/bin/twin2"));
                    Files.createLink(tree.resolve("usr/bin/twin2"), tree.resolve("usr/bin/twin1"));
                    setTime(tree.resolve("usr/bin"), TIME);
                }),
                Map.entry("one file becomes two", tree -> {
                    Files.delete(tree.resolve("usr/bin/tool2"));
                    Files.copy(tree.resolve("usr/bin/tool"), tree.resolve("usr/bin/tool2"));
                    setTime(tree.resolve("usr/bin/tool2"), TIME);
                    setTime(tree.resolve("usr/bin"), TIME);
                }),
                Map.entry("extended attribute", tree -> {
                    Path file = tree.resolve("none");
                    assumeThat(Files.getFileStore(file).supportsFileAttributeView(UserDefinedFileAttributeView.class))
                            .as("user extended attributes on this file system")
                            .isTrue();
                    Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
                            .write("note", ByteBuffer.wrap(new byte[] {1, 2}));
                }));
    }

    static Stream<String> properties() {
        return flips().keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("properties")
    void eachPropertyCounts(String property) throws IOException {
        TreeRecord before = digest.of(tree);
        flips().get(property).apply(tree);
        TreeRecord after = digest.of(tree);
        assertThat(after.sha256()).isNotEqualTo(before.sha256());
        assertThat(before.firstDifference(after)).isPresent();
    }

    @Test
    void whatNoCopyKeepsDoesNotCount() throws IOException {
        TreeRecord before = digest.of(tree);
        Path file = tree.resolve("none");
        Files.delete(file);
        Files.writeString(file, "");
        Files.createLink(directory.resolve("outside"), tree.resolve("usr/bin/twin1"));
        settle();
        TreeRecord after = digest.of(tree);
        assertThat(after.firstDifference(before)).isEmpty();
        assertThat(after.sha256()).isEqualTo(before.sha256());
    }

    @Test
    void theTextIsWhatItIsSaidToBe() throws IOException {
        Object uid = Files.getAttribute(tree, "unix:uid");
        Object gid = Files.getAttribute(tree, "unix:gid");
        String common = " uid=" + uid + " gid=" + gid + " time=1700000000.123456789";
        String[] lines = digest.of(tree).text().split("\n");
        assertThat(lines)
                .hasSize(11)
                .startsWith(
                        "#nbroot-tree 1",
                        ". type=dir mode=0755" + common,
                        "./bin type=link mode=0777" + common + " link=usr/bin",
                        "./empty type=dir mode=0755" + common,
                        "./none type=file mode=0644" + common + " size=0"
                                + " sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                        "./usr type=dir mode=0755" + common,
                        "./usr/bin type=dir mode=0755" + common);
        assertThat(lines[7]).matches("./usr/bin/tool type=file .* size=4 sha256=[0-9a-f]{64}");
        assertThat(lines[8]).isEqualTo(lines[7].replace("tool ", "tool2 ") + " hardlink=./usr/bin/tool");
        assertThat(digest.of(tree).sha256()).matches("[0-9a-f]{64}");
    }

    @Test
    void namesAreBytes() throws Exception {
        // Not valid UTF-8, a line end, a blank and a backslash: Java's paths could not even name the first.
        Process make = new ProcessBuilder(
                        "sh", "-c", "cd \"$1\" && : >\"$(printf 'x\\377\\ny z\\\\')\"", "sh", tree.toString())
                .inheritIO()
                .start();
        assertThat(make.waitFor()).isZero();
        assertThat(digest.of(tree).lines()).anyMatch(line -> line.startsWith("./x\\377\\012y\\040z\\134 type=file "));
    }

    @Test
    void linksAreNotFollowed() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "one");
        Files.createSymbolicLink(tree.resolve("way-out"), outside);
        String before = digest.of(tree).sha256();
        Files.writeString(outside.resolve("secret"), "two");
        assertThat(digest.of(tree).sha256()).isEqualTo(before);
        Files.createSymbolicLink(directory.resolve("link"), tree);
        Failure failure = catchThrowableOfType(Failure.class, () -> digest.of(directory.resolve("link")));
        assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
        assertThat(failure).hasMessageContaining(directory.resolve("link").toString());
    }

    @Test
    void aMissingTreeIsNamed() {
        Failure failure = catchThrowableOfType(Failure.class, () -> digest.of(directory.resolve("nothing")));
        assertThat(failure)
                .hasMessageContaining(directory.resolve("nothing").toString())
                .hasMessageEndingWith("No such file or directory");
    }

    @Test
    void manyFilesLeaveNoDescriptorOpen() throws IOException {
        byte[] content = "x".repeat(300_000).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 400; i++) {
            Path file = tree.resolve("file" + i);
            content[i] = (byte) i;
            Files.write(file, content);
        }
        long before = descriptors();
        String first = digest.of(tree).sha256();
        assertThat(digest.of(tree).sha256()).isEqualTo(first);
        // Other threads of this process open and close some, too.
        assertThat(descriptors()).isLessThan(before + 20);
    }

    @Test
    void anInterruptEndsItAndLeavesNothingOpen() throws IOException {
        long before = descriptors();
        Thread.currentThread().interrupt();
        try {
            Failure failure = catchThrowableOfType(Failure.class, () -> digest.of(tree));
            assertThat(failure.kind()).isEqualTo(FailureKind.INTERRUPTED);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(descriptors()).isEqualTo(before);
    }

    @Test
    void theFirstDifferenceIsTheFirstName() throws IOException {
        TreeRecord before = digest.of(tree);
        Files.writeString(tree.resolve("empty/new"), "");
        setTime(tree.resolve("empty"), TIME);
        Files.writeString(tree.resolve("none"), "changed");
        TreeRecord after = digest.of(tree);
        TreeRecord.Difference difference = before.firstDifference(after).orElseThrow();
        assertThat(difference.mine()).isEmpty();
        assertThat(difference.other())
                .hasValueSatisfying(line -> assertThat(line).startsWith("./empty/new "));
        TreeRecord.Difference reversed = after.firstDifference(before).orElseThrow();
        assertThat(reversed.mine()).isEqualTo(difference.other());
        assertThat(reversed.other()).isEmpty();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
