package dev.nbroot.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.report.Failure;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How profiles are laid over each other. */
class IncludeTest {
    private static final String HEAD = "name: top\nbootstrap: {suite: trixie}\nroot: {autologin: true}\n";

    @TempDir
    Path directory;

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Profile read(String... sets) {
        return new ProfileReader(directory).read(directory.resolve("top.yaml"), List.of(sets));
    }

    @Test
    void mapsMergeListsAppendScalarsOverride() throws IOException {
        write("base.yaml", """
                name: base
                bootstrap: {suite: bookworm, architecture: arm64, components: [main]}
                packages: [less, nano]
                boot: {mode: toram, cmdline: [panic=5]}
                apt: {http_proxy: "http://proxy.example.org:3128"}
                """);
        write(
                "top.yaml",
                HEAD + "include: [base.yaml]\npackages: [vim]\nboot: {cmdline: [quiet]}\napt: {http_proxy: null}\n");
        Profile profile = read();
        assertThat(profile.name()).isEqualTo("top");
        assertThat(profile.bootstrap().suite()).isEqualTo("trixie");
        assertThat(profile.bootstrap().architecture()).isEqualTo("arm64");
        assertThat(profile.packages()).containsExactly("less", "nano", "vim");
        assertThat(profile.boot().mode()).isEqualTo(Boot.Mode.TORAM);
        assertThat(profile.boot().cmdline()).containsExactly("panic=5", "quiet");
        assertThat(profile.apt().httpProxy())
                .as("null takes an inherited value back")
                .isEmpty();
    }

    @Test
    void aMinusRemovesWhatAnyEarlierIncludeAdded() throws IOException {
        write("a.yaml", "packages: [nano, less, joe]\n");
        write("b.yaml", "packages: [-nano, vim]\n");
        write("top.yaml", HEAD + "include: [a.yaml, b.yaml]\npackages: [-joe, nano]\n");
        assertThat(read().packages()).containsExactly("less", "vim", "nano");
    }

    @Test
    void aListWithoutEntriesForgetsNothing() throws IOException {
        write("base.yaml", "packages: [less]\n");
        write("top.yaml", HEAD + "include: [base.yaml]\npackages:\n  # - vim\n");
        assertThat(read().packages()).containsExactly("less");
    }

    @Test
    void aFileThatTwoOthersIncludeIsReadOnce() throws IOException {
        write("root.yaml", "users: [{name: ada}]\n");
        write("a.yaml", "include: [root.yaml]\n");
        write("b.yaml", "include: [root.yaml]\n");
        write("top.yaml", HEAD + "include: [a.yaml, b.yaml]\n");
        Profile profile = read();
        assertThat(profile.users()).extracting(User::name).containsExactly("ada");
        assertThat(profile.provenance().inputs())
                .extracting(input -> input.path().getFileName().toString())
                .containsExactly("top.yaml", "a.yaml", "root.yaml", "b.yaml");
    }

    @Test
    void pathsAreRelativeToTheProfileThatHasThem() throws IOException {
        write(
                "shared/base.yaml",
                "overlays: [tree]\nhooks: {customize: [./x.sh]}\nusers: [{name: ada,"
                        + " ssh_authorized_keys: [\"file:ada.pub\"]}]\n");
        write("shared/tree/etc/motd", "hello\n");
        write("shared/ada.pub", Keys.ED25519);
        write("top.yaml", HEAD + "include: [shared/base.yaml]\nhooks: {customize: [./y.sh]}\n");
        Profile profile = read();
        assertThat(profile.overlays()).containsExactly(directory.resolve("shared/tree"));
        assertThat(profile.hooks().customize())
                .extracting(Hook::directory)
                .containsExactly(directory.resolve("shared"), directory);
        assertThat(profile.users().get(0).sshAuthorizedKeys()).hasSize(1);
        assertThat(profile.provenance().inputs())
                .extracting(InputFile::role)
                .containsExactly(InputFile.Role.PROFILE, InputFile.Role.INCLUDE, InputFile.Role.SSH_KEYS);
        assertThat(profile.provenance().inputs().get(2).sha256()).isEqualTo(Sha256.of(Keys.ED25519));
    }

    @Test
    void anOptionOverridesAndReplacesLists() throws IOException {
        write("top.yaml", HEAD + "packages: [less]\nboot: {mode: toram}\nhostname: a\n");
        Profile profile = read(
                "bootstrap.suite=bookworm",
                "packages=[vim, nano]",
                "boot={cmdline: [panic=1]}",
                "hostname=b",
                "hostname=c=d",
                "hostname=e",
                "timezone=");
        assertThat(profile.bootstrap().suite()).isEqualTo("bookworm");
        assertThat(profile.packages()).containsExactly("vim", "nano");
        assertThat(profile.boot().mode()).isEqualTo(Boot.Mode.TORAM);
        assertThat(profile.boot().cmdline()).containsExactly("panic=1");
        assertThat(profile.hostname()).isEqualTo("e");
        assertThat(profile.timezone()).isEqualTo("Etc/UTC");
    }

    @Test
    void aMissingProfileIsNamed() {
        assertThatThrownBy(this::read)
                .isInstanceOf(Failure.class)
                .hasMessage(directory.resolve("top.yaml") + ": no such file or directory");
    }
}
