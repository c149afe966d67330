package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.system.Commands;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a profile says about language, keyboard, memory and consoles, looked at in a root that was built for it. Needs root,
 * debootstrap and a mirror.
 */
@Timeout(900)
class ProfileFeaturesIT {
    private static final Path PROFILE = Path.of("target/it/features.yaml");

    private static Program program;
    private static Path tree;

    @BeforeAll
    static void build() throws IOException {
        Needs.root();
        Needs.programs("debootstrap");
        BuiltRoots roots = BuiltRoots.with();
        program = roots.program();
        Files.writeString(PROFILE, """
                name: features
                bootstrap: {suite: bookworm}
                packages: [chrony]
                locale: de_DE.UTF-8
                locales: [fr_FR.UTF-8]
                keyboard: {layout: de, variant: nodeadkeys}
                swap: {zram: 50%}
                users:
                  - {name: show, autologin: true}
                apt:
                  debconf_selections: {m: "man-db man-db/auto-update boolean false"}
                """);
        program.run("build", PROFILE.toString());
        tree = roots.tree("features");
    }

    private static String text(String path) throws IOException {
        return Files.readString(tree.resolve(path));
    }

    @Test
    void localesAreGenerated() throws IOException {
        assertThat(text("etc/default/locale")).isEqualTo("LANG=de_DE.UTF-8\n");
        assertThat(text("etc/locale.gen")).isEqualTo("de_DE.UTF-8 UTF-8\nfr_FR.UTF-8 UTF-8\n");
        String archive = Files.readString(tree.resolve("usr/lib/locale/locale-archive"), StandardCharsets.ISO_8859_1);
        assertThat(archive).contains("de_DE.utf8", "fr_FR.utf8");
    }

    /** keyboard-setup.service loads the saved map: ö is right of l on a German keyboard. */
    @Test
    void theConsolesKeymapIsThatOfTheProfile() throws IOException {
        byte[] packed = Files.readAllBytes(tree.resolve("etc/console-setup/cached_UTF-8_del.kmap.gz"));
        try (GZIPInputStream map = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            assertThat(new String(map.readAllBytes(), StandardCharsets.UTF_8).lines())
                    .anyMatch(line -> line.startsWith("keycode 39 = +U+00f6 +U+00d6"));
        }
        assertThat(text("etc/default/keyboard")).contains("XKBLAYOUT=\"de\"", "XKBVARIANT=\"nodeadkeys\"");
    }

    @Test
    void zramHasItsGeneratorAndItsSize() throws IOException {
        assertThat(tree.resolve("usr/lib/systemd/system-generators/zram-generator"))
                .isExecutable();
        assertThat(text("etc/systemd/zram-generator.conf")).contains("zram-size = ram * 50 / 100\n");
    }

    @Test
    void consolesLogTheUserIn() throws IOException {
        for (String unit : new String[] {"getty@tty1", "serial-getty@ttyS0"}) {
            assertThat(text("etc/systemd/system/" + unit + ".service.d/nbroot-autologin.conf"))
                    .contains("--autologin show ");
        }
    }

    @Test
    void answersWereGivenBeforePackagesAsked() throws IOException {
        assertThat(text("var/cache/debconf/config.dat"))
                .containsPattern("Name: man-db/auto-update\n.*\nValue: false\n");
    }

    @Test
    void anotherTimeDaemonTakesThePlaceOfTheUsualOne() {
        assertThat(tree.resolve("usr/sbin/chronyd")).isExecutable();
        assertThat(tree.resolve("usr/lib/systemd/systemd-timesyncd")).doesNotExist();
    }

    /** What show prints asks for the same root, so nothing is left to build. */
    @Test
    void theShownProfileIsTheSame() throws IOException {
        Path again = PROFILE.resolveSibling("features-again.yaml");
        Files.write(again, program.run("show", PROFILE.toString()));
        Commands.Result built = program.attempt("build", again.toString(), "--json");
        assertThat(built.status()).isZero();
        assertThat(built.text()).contains("\"upToDate\":true", tree.toString());
    }
}
