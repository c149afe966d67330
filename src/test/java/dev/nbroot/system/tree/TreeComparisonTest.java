package dev.nbroot.system.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeComparisonTest {
    private static final FileTime TIME = FileTime.fromMillis(1_700_000_000_000L);

    @TempDir
    private Path directory;

    private Path before;
    private Path after;

    @BeforeEach
    void make() throws IOException {
        before = Files.createDirectory(directory.resolve("before"));
        after = Files.createDirectory(directory.resolve("after"));
    }

    private static void write(Path tree, String name, String text) throws IOException {
        Path file = tree.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setAttribute(file, "unix:mode", 0644);
        Files.setLastModifiedTime(file, TIME);
    }

    private void both(String name, String text) throws IOException {
        write(before, name, text);
        write(after, name, text);
    }

    private List<String> changes() {
        return new TreeComparison(new LinuxPosixFiles(), names -> {})
                .compare(before, after).stream()
                        .map(change -> (change.before().isEmpty()
                                        ? "+"
                                        : change.after().isEmpty() ? "-" : change.aspects() + " ")
                                + change.path())
                        .toList();
    }

    @Test
    void equalTreesAreEqualWhateverTheirTimes() throws IOException {
        both("usr/bin/tool", "tool");
        both("empty", "");
        Files.createSymbolicLink(before.resolve("link"), Path.of("usr"));
        Files.createSymbolicLink(after.resolve("link"), Path.of("usr"));
        Files.setLastModifiedTime(after.resolve("usr/bin/tool"), FileTime.fromMillis(0));
        assertThat(changes()).isEmpty();
    }

    /** Same size and same time: what a build with SOURCE_DATE_EPOCH makes of an edited file. */
    @Test
    void contentIsComparedWhenSizeAndTimeAreEqual() throws IOException {
        write(before, "file", "one");
        write(after, "file", "two");
        assertThat(changes()).containsExactly("[CONTENT] /file");
    }

    @Test
    void theLastByteOfABigFileCounts() throws IOException {
        String text = "x".repeat(1_000_000);
        write(before, "file", text + "1");
        write(after, "file", text + "2");
        both("same", text);
        assertThat(changes()).containsExactly("[CONTENT] /file");
    }

    @Test
    void eachAspectIsNamed() throws IOException {
        both("mode", "x");
        Files.setAttribute(after.resolve("mode"), "unix:mode", 04755);
        write(before, "size", "x");
        write(after, "size", "xy");
        Files.createSymbolicLink(before.resolve("target"), Path.of("a"));
        Files.createSymbolicLink(after.resolve("target"), Path.of("b"));
        write(before, "type", "x");
        Files.createSymbolicLink(after.resolve("type"), Path.of("x"));
        write(before, "both", "1");
        write(after, "both", "2");
        Files.setAttribute(after.resolve("both"), "unix:mode", 0600);
        assertThat(changes())
                .containsExactly(
                        "[CONTENT, MODE] /both", "[MODE] /mode", "[CONTENT] /size", "[TARGET] /target", "[TYPE] /type");
    }

    @Test
    void whatIsOnlyInOneIsListedWithAllBelowIt() throws IOException {
        both("a", "x");
        write(before, "gone/deep/file", "x");
        write(after, "new/deep/file", "x");
        write(after, "b", "x");
        assertThat(changes())
                .containsExactly(
                        "+/b", "-/gone", "-/gone/deep", "-/gone/deep/file", "+/new", "+/new/deep", "+/new/deep/file");
    }

    @Test
    void aDirectoryThatBecameALinkIsGoneWithAllBelowIt() throws IOException {
        write(before, "d/file", "x");
        write(before, "elsewhere/file", "x");
        write(after, "elsewhere/file", "x");
        Files.createSymbolicLink(after.resolve("d"), Path.of("elsewhere"));
        assertThat(changes()).containsExactly("[TYPE] /d", "-/d/file");
    }

    @Test
    void hardLinksAreComparedAsFiles() throws IOException {
        both("one", "same");
        Files.createLink(before.resolve("two"), before.resolve("one"));
        Files.createLink(after.resolve("two"), after.resolve("one"));
        write(before, "x", "1");
        write(after, "x", "2");
        Files.createLink(before.resolve("y"), before.resolve("x"));
        Files.createLink(after.resolve("y"), after.resolve("x"));
        assertThat(changes()).containsExactly("[CONTENT] /x", "[CONTENT] /y");
    }

    @Test
    void progressIsToldAndNothingStaysOpen() throws IOException {
        for (int i = 0; i < 1100; i++) {
            both("d" + i % 7 + "/file" + i, "content " + i);
        }
        long open = descriptors();
        AtomicLong seen = new AtomicLong();
        assertThat(new TreeComparison(new LinuxPosixFiles(), seen::set).compare(before, after))
                .isEmpty();
        assertThat(seen).hasValue(1000);
        assertThat(descriptors()).isEqualTo(open);
    }

    @Test
    void aTreeThatIsNotThereIsNamed() {
        Failure failure = catchThrowableOfType(
                Failure.class,
                () -> new TreeComparison(new LinuxPosixFiles(), names -> {})
                        .compare(before, directory.resolve("nothing")));
        assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
        assertThat(failure).hasMessageContaining(directory.resolve("nothing").toString());
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
