package dev.nbroot.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The profiles that come with nbroot work for somebody who has an SSH key, and say what to do to who has none. */
class ShippedProfilesTest {
    private static final Path PROFILES = Path.of("profiles");

    @TempDir
    Path home;

    @BeforeEach
    void makeKey() throws IOException {
        Files.createDirectory(home.resolve(".ssh"));
        Files.writeString(home.resolve(".ssh/id_ed25519.pub"), Keys.ED25519 + "\n");
    }

    private Profile read(String name) {
        return new ProfileReader(home).read(PROFILES.resolve(name), List.of());
    }

    @Test
    void everyProfileIsNamedAsItsFile() throws IOException {
        try (Stream<Path> files = Files.list(PROFILES)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .sorted()
                    .toList();
            assertThat(names).contains("bookworm.yaml", "forky.yaml", "rescue.yaml", "trixie.yaml");
            assertThat(names)
                    .allSatisfy(name -> assertThat(read(name).name() + ".yaml").isEqualTo(name));
        }
    }

    @Test
    void adminLogsInWithTheKeyOfWhoBuilds() {
        for (String name : List.of("bookworm.yaml", "forky.yaml", "trixie.yaml")) {
            Profile profile = read(name);
            assertThat(profile.users()).hasSize(1);
            User admin = profile.users().get(0);
            assertThat(admin.name()).isEqualTo("admin");
            assertThat(admin.sudo()).containsExactly("ALL=(ALL) NOPASSWD:ALL");
            assertThat(admin.sshAuthorizedKeys()).extracting(SshKey::line).containsExactly(Keys.ED25519);
            assertThat(profile.root().canLogIn()).isFalse();
            assertThat(profile.sshPwauth()).isFalse();
        }
    }

    @Test
    void withoutAKeyTheMessageSaysHowToMakeOne() throws IOException {
        Files.delete(home.resolve(".ssh/id_ed25519.pub"));
        assertThatThrownBy(() -> read("bookworm.yaml"))
                .hasMessageStartingWith("profiles/base/admin.yaml:")
                .hasMessageContaining(home.resolve(".ssh/id_ed25519.pub") + ": no such file or directory")
                .extracting("hint")
                .asString()
                .contains("ssh-keygen -t ed25519");
    }

    @Test
    void rescueIsARootShellOnTheConsoleOnly() {
        Profile rescue = read("rescue.yaml");
        assertThat(rescue.root().autologin()).isTrue();
        assertThat(rescue.users()).isEmpty();
        assertThat(rescue.packages())
                .contains("vim", "cryptsetup", "nfs-common", "gddrescue", "screen", "kbd", "less")
                .doesNotContain("vim-tiny", "-vim-tiny");
    }
}
