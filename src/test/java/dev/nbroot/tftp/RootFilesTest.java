package dev.nbroot.tftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RootFilesTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2000);

    @TempDir
    Path work;

    private Path root;
    private RootFiles files;

    @BeforeEach
    void tree() throws Exception {
        root = Files.createDirectory(work.resolve("root"));
        Files.createDirectories(root.resolve("Boot/sub"));
        Files.writeString(root.resolve("Boot/BCD"), "bcd");
        Files.writeString(root.resolve("pxelinux.0"), "pxe");
        Files.writeString(work.resolve("secret"), "secret");
        Path sibling = Files.createDirectory(work.resolve("root-sibling"));
        Files.writeString(sibling.resolve("file"), "secret");
        files = RootFiles.below(root);
    }

    private String content(String name) throws Exception {
        TftpFiles.Answer answer = files.open(name, CLIENT);
        assertThat(answer).isInstanceOf(TftpFiles.Served.class);
        try (TftpContent content = ((TftpFiles.Served) answer).content()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) content.size());
            while (bytes.hasRemaining()) {
                content.read(bytes, bytes.position());
            }
            return new String(bytes.array(), StandardCharsets.UTF_8);
        }
    }

    private String servedName(String name) throws Exception {
        TftpFiles.Served served = (TftpFiles.Served) files.open(name, CLIENT);
        served.content().close();
        return served.servedName();
    }

    private TftpFiles.Refused refused(String name) {
        TftpFiles.Answer answer = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> files.open(name, CLIENT));
        assertThat(answer).isInstanceOf(TftpFiles.Refused.class);
        TftpFiles.Refused refused = (TftpFiles.Refused) answer;
        assertThat(refused.message() + refused.reason())
                .as("no path of the server")
                .doesNotContain(work.toString());
        return refused;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Boot/BCD",
                "/Boot/BCD",
                "//Boot///BCD",
                "\\Boot\\BCD",
                "./Boot/BCD",
                "Boot/sub/../BCD",
                "Boot/BCD\u00ff",
                "Boot/BCD\u00ff\u00ff"
            })
    void understandsEverySpelling(String name) throws Exception {
        assertThat(content(name)).isEqualTo("bcd");
        assertThat(servedName(name)).isEqualTo("Boot/BCD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret",
                "/../secret",
                "..\\secret",
                "Boot/../../secret",
                "../root-sibling/file",
                "../root-sibling/none",
                "../../../../../../etc/passwd",
                "..",
                "../no-such-file"
            })
    void refusesToLeaveTheRootByDots(String name) {
        TftpFiles.Refused refused = refused(name);
        assertThat(refused.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(refused.message()).isEqualTo("access denied");
        assertThat(refused.reason()).isEqualTo("the name leads out of the served directory");
    }

    @Test
    void followsLinksInsideButNotOut() throws Exception {
        Files.createSymbolicLink(root.resolve("inside"), Path.of("Boot/BCD"));
        Files.createSymbolicLink(root.resolve("out"), work.resolve("secret"));
        Files.createSymbolicLink(root.resolve("outdir"), work);
        Files.createSymbolicLink(root.resolve("sibling"), work.resolve("root-sibling"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("nowhere"));
        assertThat(content("inside")).isEqualTo("bcd");
        assertThat(servedName("inside")).isEqualTo("Boot/BCD");
        assertThat(refused("out").outcome()).isEqualTo(Outcome.DENIED);
        assertThat(refused("outdir/secret").outcome()).isEqualTo(Outcome.DENIED);
        assertThat(refused("sibling/file").outcome()).isEqualTo(Outcome.DENIED);
        assertThat(refused("loop").outcome()).isEqualTo(Outcome.DENIED);
        assertThat(refused("dangling").outcome()).isEqualTo(Outcome.MISSING);
    }

    @Test
    void followsTheRootItselfWhereverItIsMoved() throws Exception {
        Path link = work.resolve("current");
        Files.createSymbolicLink(link, root);
        files = RootFiles.below(link);
        assertThat(content("pxelinux.0")).isEqualTo("pxe");
        Files.delete(link);
        Files.createSymbolicLink(link, work.resolve("root-sibling"));
        assertThat(content("file")).isEqualTo("secret");
        Files.delete(link);
        assertThat(refused("file").outcome()).isEqualTo(Outcome.MISSING);
    }

    @Test
    void servesRegularFilesOnly() throws Exception {
        Process mkfifo = new ProcessBuilder("mkfifo", root.resolve("fifo").toString()).start();
        assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(refused("fifo").reason()).isEqualTo("this is no regular file");
        assertThat(refused("Boot").outcome()).isEqualTo(Outcome.DENIED);
        assertThat(refused(".").outcome()).isEqualTo(Outcome.DENIED);
        assertThat(refused("/").outcome()).isEqualTo(Outcome.MISSING);
        assertThat(refused("\u00ff").outcome()).isEqualTo(Outcome.MISSING);
    }

    @Test
    void servesWhatTheWorldMayReadOnly() throws Exception {
        Files.setPosixFilePermissions(root.resolve("pxelinux.0"), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(refused("pxelinux.0").reason()).isEqualTo("the file is not world-readable");
        Files.setPosixFilePermissions(root.resolve("Boot"), PosixFilePermissions.fromString("rwxr-x---"));
        assertThat(refused("Boot/BCD").reason()).isEqualTo("a directory above the file is not world-searchable");
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(root.resolve("Boot"), PosixFilePermissions.fromString("rwx-----x"));
        assertThat(content("Boot/BCD"))
                .as("the root's own mode is the owner's business")
                .isEqualTo("bcd");
    }

    @Test
    void missesCleanly() {
        assertThat(refused("none").code()).isEqualTo(TftpErrorCode.FILE_NOT_FOUND);
        assertThat(refused("pxelinux.0/below").outcome()).isEqualTo(Outcome.MISSING);
        assertThat(refused("x".repeat(300)).outcome()).isEqualTo(Outcome.MISSING);
        assertThat(refused("boot/bcd").outcome()).isEqualTo(Outcome.MISSING);
        assertThat(refused("a\r\n\u001b[2J").outcome()).isEqualTo(Outcome.MISSING);
    }

    @Test
    void foldsCaseWhenAsked() throws Exception {
        files = files.foldingCase();
        assertThat(servedName("\\boot\\bcd")).isEqualTo("Boot/BCD");
        Files.writeString(root.resolve("Boot/bcd"), "exact");
        assertThat(content("boot/bcd")).isEqualTo("exact");
        assertThat(content("BOOT/Bcd")).as("the first in order").isEqualTo("bcd");
        assertThat(refused("boot/none").outcome()).isEqualTo(Outcome.MISSING);
        Files.createSymbolicLink(root.resolve("OUT"), work);
        assertThat(refused("out/SECRET").outcome()).isEqualTo(Outcome.DENIED);
        assertThat(refused("PXELINUX.0/below").outcome()).isEqualTo(Outcome.MISSING);
    }
}
