package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeWriterTest {
    @TempDir
    Path directory;

    private Path tree;
    private TreeWriter writer;

    @BeforeEach
    void makeTree() throws IOException {
        tree = Files.createDirectory(directory.resolve("tree"));
        Files.createDirectory(tree.resolve("etc"));
        Files.createDirectory(tree.resolve("run"));
        writer = new TreeWriter(tree);
    }

    private static int mode(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    }

    @Test
    void writesWithModeAndNewDirectories() throws IOException {
        writer.write(new TreeFile("/srv/a/b", "text", 0640));
        assertThat(tree.resolve("srv/a/b")).hasContent("text");
        assertThat(mode(tree.resolve("srv/a/b"))).isEqualTo(0640);
        assertThat(mode(tree.resolve("srv/a"))).isEqualTo(0755);
    }

    @Test
    void setsSpecialBits() throws IOException {
        writer.write(new TreeFile("/usr/bin/x", "", 04755));
        assertThat(mode(tree.resolve("usr/bin/x"))).isEqualTo(04755);
    }

    @Test
    void appends() {
        Path file = Path.of("/etc/motd");
        writer.write(file, "a\n".getBytes(StandardCharsets.US_ASCII), 0644, true);
        writer.write(file, "b\n".getBytes(StandardCharsets.US_ASCII), 0644, true);
        assertThat(tree.resolve("etc/motd")).hasContent("a\nb\n");
    }

    @Test
    void anAbsoluteLinkStaysInsideTheTree() throws IOException {
        Path victim = Files.createDirectory(directory.resolve("victim"));
        Files.createSymbolicLink(tree.resolve("etc/dir"), victim);
        writer.write(TreeFile.of("/etc/dir/file", "text"));
        assertThat(victim.resolve("file")).doesNotExist();
        assertThat(tree.resolve(victim.toString().substring(1)).resolve("file")).hasContent("text");
    }

    @Test
    void followsALinkToAFile() throws IOException {
        Files.createSymbolicLink(tree.resolve("etc/locale"), Path.of("locale.conf"));
        writer.write(TreeFile.of("/etc/locale", "LANG=C"));
        assertThat(tree.resolve("etc/locale")).isSymbolicLink();
        assertThat(tree.resolve("etc/locale.conf")).hasContent("LANG=C");
    }

    @Test
    void replacesALinkThatLeadsToAVolatileDirectory() throws IOException {
        Files.createSymbolicLink(tree.resolve("etc/resolv.conf"), Path.of("../run/systemd/resolve/stub"));
        writer.write(TreeFile.of("/etc/resolv.conf", "nameserver 10.0.0.1"));
        assertThat(Files.isSymbolicLink(tree.resolve("etc/resolv.conf"))).isFalse();
        assertThat(tree.resolve("etc/resolv.conf")).hasContent("nameserver 10.0.0.1");
    }

    @Test
    void writesIntoAVolatileDirectoryWhenAsked() {
        writer.write(TreeFile.of("/run/nbroot/apt.conf", "x"));
        assertThat(tree.resolve("run/nbroot/apt.conf")).hasContent("x");
    }

    @Test
    void linksReplaceFiles() throws IOException {
        writer.write(TreeFile.of("/etc/localtime", "zone"));
        writer.link("/etc/localtime", "/usr/share/zoneinfo/UTC");
        assertThat(Files.readSymbolicLink(tree.resolve("etc/localtime"))).isEqualTo(Path.of("/usr/share/zoneinfo/UTC"));
    }
}
