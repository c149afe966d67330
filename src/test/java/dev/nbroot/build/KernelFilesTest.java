package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelFilesTest {
    @TempDir
    Path directory;

    /** The fields of boot.rst that count here: HdrS at 0x202, the pointer at 0x20e to the version's text. */
    private Path image(String magic, String version) throws IOException {
        byte[] bytes = new byte[0x1000];
        System.arraycopy(magic.getBytes(StandardCharsets.US_ASCII), 0, bytes, 0x202, magic.length());
        bytes[0x20e] = 0x00;
        bytes[0x20f] = 0x05;
        System.arraycopy(version.getBytes(StandardCharsets.US_ASCII), 0, bytes, 0x700, version.length());
        return Files.write(directory.resolve("vmlinuz"), bytes);
    }

    @Test
    void aKernelTellsItsVersion() throws IOException {
        assertThat(KernelImage.version(image("HdrS", "6.9.1-own (me@there) #1 SMP"), "p.yaml:3:1"))
                .isEqualTo("6.9.1-own");
    }

    @Test
    void whatIsNoKernelIsRefusedWithItsPlace() throws IOException {
        Path file = image("ELF!", "");
        assertThatThrownBy(() -> KernelImage.version(file, "p.yaml:3:1"))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("p.yaml:3:1: ")
                .hasMessageContaining("is not an x86 kernel");
        Path empty = Files.write(directory.resolve("empty"), new byte[3]);
        assertThatThrownBy(() -> KernelImage.version(empty, "p.yaml:3:1")).isInstanceOf(Failure.class);
    }

    @Test
    void aVersionOutsideTheFileIsRefused() throws IOException {
        Path file = image("HdrS", "");
        assertThatThrownBy(() -> KernelImage.version(file, "here")).isInstanceOf(Failure.class);
    }
}
