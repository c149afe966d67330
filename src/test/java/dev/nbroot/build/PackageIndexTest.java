package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageIndexTest {
    private static final String HASH = "0123456789abcdef".repeat(4);
    private static final FoundArchive MAIN = new FoundArchive("http://m.example.org:8080/de_b~1", "bookworm", "");

    @TempDir
    Path lists;

    private void write(String name, String text) throws IOException {
        Files.writeString(lists.resolve(name), text, PackageIndex.CHARSET);
    }

    @Test
    void prioritiesComeFromTheSuitesOwnList() throws IOException {
        String own = PackageIndex.name(MAIN, "amd64");
        assertThat(own).isEqualTo("m.example.org:8080_de%5fb%7e1_dists_bookworm_main_binary-amd64_Packages");
        write(own, "Package: libc6\nPriority: required\n\nPackage: apt\nPriority: important\n\nPackage: less\n");
        write("tools.example.org_dists_bookworm_main_binary-amd64_Packages", "Package: evil\nPriority: required\n");
        assertThat(new PackageIndex(lists).ofPriority(MAIN, "amd64", Set.of("required", "important")))
                .containsEntry("required", Set.of("libc6"))
                .containsEntry("important", Set.of("apt"));
    }

    @Test
    void aStanzaIsFoundByItsHashWhateverItsBytes() throws IOException {
        String stanza = "Package: less\nMaintainer: Andr\u00e9\nDescription: a\n .\n b\nSHA256: " + HASH + "\n";
        write("a_Packages", "Package: other\nSHA256: " + "f".repeat(64) + "\n\n" + stanza);
        Deb deb = new Deb("less", "1", "amd64", HASH, 1, "http://m.example.org/less.deb");
        assertThat(new PackageIndex(lists).stanzas(List.of(deb))).containsOnly(java.util.Map.entry(HASH, stanza));
    }

    @Test
    void aFieldIsNotFoundInsideAnother() {
        assertThat(PackageIndex.field("X-Priority: low\nPriority: required\n", "Priority"))
                .isEqualTo("required");
        assertThat(PackageIndex.field("Package: a\n", "Priority")).isEmpty();
        assertThat(PackageIndex.field("Package: a", "Package")).isEqualTo("a");
    }
}
