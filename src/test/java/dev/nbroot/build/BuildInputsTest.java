package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Profiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildInputsTest {
    private static final Archive ARCHIVE = new Archive("http://mirror.example.org/debian", List.of(), "a test");
    private static final String MORE = "overlays: [overlay]\nhooks: {customize: [\"./tune.sh $1\"]}\n";

    @TempDir
    Path directory;

    private Path keyring;

    @BeforeEach
    void writeFiles() throws IOException {
        keyring = Files.writeString(directory.resolve("keys.gpg"), "keys");
        Files.createDirectories(directory.resolve("overlay/etc"));
        Files.writeString(directory.resolve("overlay/etc/issue"), "hello");
        Files.createSymbolicLink(directory.resolve("overlay/link"), Path.of("etc"));
        Files.writeString(directory.resolve("tune.sh"), "true");
    }

    private String hash(String more, Archive archive, String version) {
        return BuildInputs.hash(Profiles.with(directory, "bookworm", more), archive, keyring, version);
    }

    private String hash() {
        return hash(MORE, ARCHIVE, "1");
    }

    @Test
    void equalInputsHaveEqualHashes() {
        assertThat(hash()).isEqualTo(hash()).matches("[0-9a-f]{64}");
    }

    @Test
    void aCommentChangesNothing() {
        assertThat(hash(MORE + "# a remark\n", ARCHIVE, "1")).isEqualTo(hash());
    }

    @Test
    void everyInputCounts() throws IOException {
        String before = hash();
        assertThat(hash(MORE + "hostname: other\n", ARCHIVE, "1")).isNotEqualTo(before);
        assertThat(hash(MORE, new Archive("http://b.example.org", List.of(), ""), "1"))
                .isNotEqualTo(before);
        assertThat(hash(MORE, new Archive(ARCHIVE.uri(), List.of("http://s.example.org"), ""), "1"))
                .isNotEqualTo(before);
        assertThat(hash(MORE, ARCHIVE, "2")).isNotEqualTo(before);
        Files.writeString(keyring, "other keys");
        assertThat(hash()).isNotEqualTo(before);
    }

    @Test
    void whoChoseTheMirrorDoesNotCount() {
        assertThat(hash(MORE, new Archive(ARCHIVE.uri(), List.of(), "somebody else"), "1"))
                .isEqualTo(hash());
    }

    @Test
    void whatALinkedOverlayLeadsToCounts() throws IOException {
        Files.createSymbolicLink(directory.resolve("current"), Path.of("overlay"));
        String before = hash("overlays: [current]\n", ARCHIVE, "1");
        Files.writeString(directory.resolve("overlay/etc/issue"), "HELLO");
        assertThat(hash("overlays: [current]\n", ARCHIVE, "1")).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cp -r files/. $1", "cp files/* $1/etc", "tool --config=files/a $1", "cat files/a"})
    void whatAHookNamesCounts(String command) throws IOException {
        Path file = Files.createDirectory(directory.resolve("files")).resolve("a");
        Files.writeString(file, "one");
        String hooks = "hooks: {setup: ['" + command + "']}\n";
        String before = hash(hooks, ARCHIVE, "1");
        Files.writeString(file, "two");
        assertThat(hash(hooks, ARCHIVE, "1")).isNotEqualTo(before);
    }

    @Test
    void contentsModesAndLinksOfOverlaysCount() throws IOException {
        String before = hash();
        Files.writeString(directory.resolve("overlay/etc/issue"), "HELLO");
        String changed = hash();
        assertThat(changed).isNotEqualTo(before);
        Files.setPosixFilePermissions(
                directory.resolve("overlay/etc/issue"), PosixFilePermissions.fromString("rwx------"));
        String moded = hash();
        assertThat(moded).isNotEqualTo(changed);
        Files.delete(directory.resolve("overlay/link"));
        Files.createSymbolicLink(directory.resolve("overlay/link"), Path.of("usr"));
        assertThat(hash()).isNotEqualTo(moded);
    }

    @Test
    void aScriptThatAHookRunsCounts() throws IOException {
        String before = hash();
        Files.writeString(directory.resolve("tune.sh"), "false");
        assertThat(hash()).isNotEqualTo(before);
    }
}
