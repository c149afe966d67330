package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpectedDebTest {
    private static final String HASH = Sha256.of("less");

    @TempDir
    Path archives;

    @Test
    void readsWhatAptPrints() {
        assertThat(ExpectedDeb.parse(List.of(
                        "Reading package lists...",
                        "The following NEW packages will be installed:",
                        "  hello less_1_amd64.deb",
                        "'http://mirror.example.org/debian/pool/main/v/vim/vim_9.1%2bx_amd64.deb' vim_2%3a9.1+x_amd64.deb"
                                + " 53080 SHA256:" + HASH,
                        "'http://old.example.org/a/b_1_all.deb' b_1_all.deb 9496 MD5Sum:c73f71595c4a2fb6d6384ce8ad6f63c6",
                        "'http://old.example.org/a/c_1_all.deb' c_1_all.deb 9496 ",
                        "'http://evil.example.org/x' ../x.deb 1 SHA256:" + HASH)))
                .containsExactly(
                        new ExpectedDeb("vim_2%3a9.1+x_amd64.deb", HASH),
                        new ExpectedDeb("b_1_all.deb", ""),
                        new ExpectedDeb("c_1_all.deb", ""));
    }

    @Test
    void anotherFileOfTheSameSizeDiffers() throws IOException {
        ExpectedDeb deb = new ExpectedDeb("less_1_amd64.deb", HASH);
        assertThat(deb.differsIn(archives)).isFalse();
        Path file = Files.writeString(archives.resolve("less_1_amd64.deb"), "less");
        assertThat(deb.differsIn(archives)).isFalse();
        Files.writeString(file, "lass");
        assertThat(deb.differsIn(archives)).isTrue();
    }

    @Test
    void aFileWithoutAKnownHashIsNotTrusted() throws IOException {
        Files.writeString(archives.resolve("less_1_amd64.deb"), "less");
        assertThat(new ExpectedDeb("less_1_amd64.deb", "").differsIn(archives)).isTrue();
    }

    @Test
    void aLinkIsNotAPackage() throws IOException {
        Path real = Files.writeString(archives.resolve("real"), "less");
        Files.createSymbolicLink(archives.resolve("less_1_amd64.deb"), real);
        assertThat(new ExpectedDeb("less_1_amd64.deb", HASH).differsIn(archives))
                .isTrue();
    }
}
