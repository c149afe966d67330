package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainDebsTest {
    @TempDir
    Path directory;

    @Test
    void onlyTheDataIsReplaced() throws IOException {
        Path deb = directory.resolve("a.deb");
        try (ArArchiveOutputStream out = new ArArchiveOutputStream(Files.newOutputStream(deb))) {
            add(out, "debian-binary", "2.0\n");
            add(out, "control.tar.xz", "control");
            add(out, "data.tar.xz", "packed");
        }
        Path data = Files.writeString(directory.resolve("data"), "the plain data of odd length.");
        Path plain = directory.resolve("plain.deb");
        PlainDebs.assemble(deb, data, plain);

        List<String> members = new ArrayList<>();
        try (ArArchiveInputStream in = new ArArchiveInputStream(Files.newInputStream(plain))) {
            for (ArArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                members.add(entry.getName() + " " + entry.getLastModified() + " "
                        + new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(members)
                .containsExactly(
                        "debian-binary 1700000000 2.0\n",
                        "control.tar.xz 1700000000 control",
                        "data.tar 1700000000 the plain data of odd length.");
        assertThat(Deb.made(plain)).contains(1700000000L);
    }

    private static void add(ArArchiveOutputStream out, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putArchiveEntry(new ArArchiveEntry(name, bytes.length, 0, 0, 0100644, 1700000000));
        out.write(bytes);
        out.closeArchiveEntry();
    }
}
