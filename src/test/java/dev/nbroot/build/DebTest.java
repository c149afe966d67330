package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebTest {
    private static final String HASH = "0123456789abcdef".repeat(4);

    @TempDir
    Path directory;

    @Test
    void whatAptPrintsIsRead() {
        List<Deb> debs = Deb.parse(List.of(
                "Reading package lists...",
                "'http://m.example.org/pool/o/openssh_9.2p1-2%2bdeb12u1_amd64.deb'"
                        + " openssh-server_1%3a9.2p1-2+deb12u1_amd64.deb 456 SHA256:" + HASH));
        assertThat(debs)
                .containsExactly(new Deb(
                        "openssh-server",
                        "1:9.2p1-2+deb12u1",
                        "amd64",
                        HASH,
                        456,
                        "http://m.example.org/pool/o/openssh_9.2p1-2%2bdeb12u1_amd64.deb"));
        assertThat(debs.get(0).fileName()).isEqualTo("openssh-server_1%3a9.2p1-2+deb12u1_amd64.deb");
    }

    @Test
    void oneThatCannotBeVerifiedIsRefused() {
        assertThatThrownBy(() -> Deb.parse(List.of("'http://m.example.org/a_1_all.deb' a_1_all.deb 4 MD5Sum:0123")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no SHA-256 for http://m.example.org/a_1_all.deb");
    }

    @Test
    void theTimeOfTheFirstMemberIsThePackages() throws IOException {
        Path deb = directory.resolve("a.deb");
        Files.writeString(deb, "!<arch>\ndebian-binary   1700000000  0     0     100644  4         `\n2.0\n");
        assertThat(Deb.made(deb)).contains(1700000000L);
        Files.writeString(deb, "!<arch>\n");
        assertThat(Deb.made(deb)).isEmpty();
        Files.writeString(deb, "x".repeat(100));
        assertThat(Deb.made(deb)).isEmpty();
    }
}
