package dev.nbroot.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code nbroot show} prints is a profile that asks for the same root. */
class ShownProfileTest {
    private static final Path GOOD = Path.of("src/test/resources/good-profiles");

    @TempDir
    Path directory;

    @BeforeEach
    void copyFiles() throws IOException {
        try (Stream<Path> files = Files.walk(GOOD)) {
            for (Path file : files.skip(1).toList()) {
                Files.copy(file, directory.resolve(GOOD.relativize(file)));
            }
        }
        Files.writeString(directory.resolve("admin.pub"), Keys.ECDSA);
    }

    private Profile read(String name, String... sets) {
        return new ProfileReader(directory).read(directory.resolve(name), List.of(sets));
    }

    private Profile again(Profile profile) throws IOException {
        Files.writeString(directory.resolve("again.yaml"), profile.yaml());
        return read("again.yaml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"defaults.yaml", "everything.yaml", "kiosk.yaml"})
    void itIsTheSameProfileAgain(String name) throws IOException {
        Profile profile = read(name);
        Profile again = again(profile);
        assertThat(again.canonicalJson()).isEqualTo(profile.canonicalJson());
        assertThat(again.yaml()).isEqualTo(profile.yaml());
    }

    @Test
    void itReadsLikeTheManual() throws IOException {
        Files.writeString(directory.resolve("p.yaml"), """
                packages: [less, g++]
                name: p
                root: {passwd: '%s'}
                write_files: [{path: /etc/motd, content: "hello\\nyou\\n"}]
                bootstrap: {suite: trixie}
                hostname: "on"
                swap: {zram: 50%%}
                """.formatted(Keys.HASH));
        assertThat(read("p.yaml").yaml()).isEqualTo("""
                name: p
                bootstrap:
                  suite: trixie
                  architecture: amd64
                  variant: minbase
                  components: [main]
                apt:
                  install_recommends: false
                  sources: {}
                  debconf_selections: {}
                packages: [less, g++]
                kernel: auto
                hostname: 'on'
                locale: C.UTF-8
                locales: []
                timezone: Etc/UTC
                users: []
                root:
                  passwd: %s
                  autologin: false
                  ssh_authorized_keys: []
                ssh_pwauth: false
                write_files:
                  - path: /etc/motd
                    content: |
                      hello
                      you
                    permissions: '0644'
                    owner: root:root
                    append: false
                overlays: []
                services:
                  enable: []
                  disable: []
                  mask: []
                swap:
                  zram: 50%%
                hooks:
                  setup: []
                  essential: []
                  customize: []
                  cleanup: []
                initramfs:
                  generator: auto
                  modules: netboot
                  compress: zstd
                  extra_modules: []
                boot:
                  mode: stateless
                  console: [tty0, 'ttyS0,115200']
                  cmdline: [quiet]
                """.formatted(Keys.HASH));
    }

    @Test
    void settingsHideSecretsAndComeInTheSameOrder() {
        Profile profile = read("everything.yaml");
        List<Setting> settings = profile.settings();
        assertThat(settings.toString()).doesNotContain(Keys.HASH, "grüße", "hello");
        assertThat(settings).extracting(Setting::path).startsWith("name", "bootstrap.suite", "bootstrap.architecture");
        assertThat(profile.yaml()).contains(Keys.HASH, "grüße");
    }

    @Test
    void aHookOfAnotherDirectoryStillRunsThere() throws IOException {
        Files.createDirectories(directory.resolve("it's/shared"));
        Files.writeString(directory.resolve("it's/shared/base.yaml"), """
                hooks:
                  customize: ["./x.sh \\"$1\\"", {run: "true", chroot: true}]
                overlays: [tree]
                kernel: ./vmlinuz
                """);
        Files.createDirectory(directory.resolve("it's/shared/tree"));
        Files.writeString(directory.resolve("it's/shared/vmlinuz"), "");
        Files.writeString(directory.resolve("top.yaml"), """
                include: ["it's/shared/base.yaml"]
                name: top
                bootstrap: {suite: trixie}
                root: {autologin: true}
                hooks: {customize: ["./y.sh"]}
                """);
        Profile again = again(read("top.yaml"));
        assertThat(again.hooks().customize())
                .extracting(Hook::run)
                .containsExactly("cd 'it'\\''s/shared' || exit 1\n./x.sh \"$1\"", "true", "./y.sh");
        assertThat(again.overlays()).containsExactly(directory.resolve("it's/shared/tree"));
        assertThat(again.kernel()).isEqualTo(new Kernel.Image(directory.resolve("it's/shared/vmlinuz")));
        assertThat(again(again).yaml()).isEqualTo(again.yaml());
    }

    /** Leading blanks, tabs, every kind of line end, what looks like something else, and bytes that are no text. */
    @Test
    void anyContentComesBackByteForByte() throws IOException {
        Random random = new Random(20261120);
        String[] pieces = {
            " ",
            "\t",
            "\n",
            "\r",
            "a",
            "- ",
            ": ",
            "#",
            "'",
            "\"",
            "é",
            "\u0085",
            "\u2028",
            "\uFEFF",
            "\uD83D\uDE00",
            "0",
            "yes",
            "%",
            "&",
            "*",
            "!",
            "|",
            ">",
            "\u0000",
            "\u00a0",
            "\\"
        };
        for (int round = 0; round < 400; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            byte[] bytes = text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            if (round % 10 == 0) {
                random.nextBytes(bytes);
            }
            Files.writeString(
                    directory.resolve("p.yaml"),
                    "name: p\nbootstrap: {suite: trixie}\nroot: {autologin: true}\nwrite_files: [{path: /etc/a, encoding: b64,"
                            + " content: \"" + Base64.getEncoder().encodeToString(bytes) + "\"}]\n");
            assertThat(again(read("p.yaml")).writeFiles().get(0).content().bytes())
                    .as("round %d", round)
                    .isEqualTo(bytes);
        }
    }
}
