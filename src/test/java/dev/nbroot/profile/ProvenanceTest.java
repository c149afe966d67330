package dev.nbroot.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who set what, and one text for one meaning. */
class ProvenanceTest {
    @TempDir
    Path directory;

    private Profile read(String text, String... sets) throws IOException {
        Path file = directory.resolve("p.yaml");
        Files.writeString(file, text);
        return new ProfileReader(directory).read(file, List.of(sets));
    }

    private static String origin(Profile profile, String path) {
        return profile.settings().stream()
                .filter(setting -> setting.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no setting " + path))
                .origin()
                .map(Position::toString)
                .orElse("default")
                .replaceFirst(".*/", "");
    }

    @Test
    void everyValueKnowsWhoSetIt() throws IOException {
        Files.writeString(directory.resolve("base.yaml"), "packages: [nano, less]\nlocale: de_DE.UTF-8\n");
        Profile profile = read("""
                name: p
                include: [base.yaml]
                bootstrap:
                  suite: bookworm
                root: {autologin: true}
                packages: [-nano, vim]
                users:
                  - {name: ada, groups: "sudo,games", sudo: "ALL=(ALL) ALL"}
                apt: {debconf_selections: {x: "a b string c"}}
                hooks: {customize: ["true"]}
                """, "hostname=h");
        assertThat(origin(profile, "bootstrap.suite")).isEqualTo("p.yaml:4:10");
        assertThat(origin(profile, "bootstrap.architecture")).isEqualTo("default");
        assertThat(origin(profile, "packages[0]")).isEqualTo("base.yaml:1:18");
        assertThat(origin(profile, "packages[1]")).isEqualTo("p.yaml:6:19");
        assertThat(origin(profile, "locale")).isEqualTo("base.yaml:2:9");
        assertThat(origin(profile, "hostname")).isEqualTo("--set hostname");
        assertThat(origin(profile, "users[0].groups[1]")).isEqualTo("p.yaml:8:25");
        assertThat(origin(profile, "users[0].sudo[0]")).isEqualTo("p.yaml:8:45");
        assertThat(origin(profile, "apt.debconf_selections[0]")).isEqualTo("p.yaml:9:31");
        assertThat(origin(profile, "hooks.customize[0].run")).isEqualTo("p.yaml:10:21");
        assertThat(origin(profile, "hooks.customize[0].chroot")).isEqualTo("default");
    }

    @Test
    void whereFallsBackToTheNearestBlock() throws IOException {
        Profile profile = read("name: p\nroot: {autologin: true}\nbootstrap:\n  suite: bookworm\n");
        assertThat(profile.where("bootstrap.suite")).hasToString(directory.resolve("p.yaml") + ":4:10");
        assertThat(profile.where("bootstrap.mirror")).hasToString(directory.resolve("p.yaml") + ":4:3");
        assertThat(profile.where("users[3].name")).hasToString(directory.resolve("p.yaml") + ":1:1");
        assertThat(profile.provenance().origin("bootstrap.mirror")).isEqualTo(Optional.empty());
    }

    @Test
    void theCanonicalFormIsThisText() throws IOException {
        Profile profile = read("name: p\nbootstrap: {suite: bookworm}\nroot: {passwd: '" + Keys.HASH + "'}\n"
                + "write_files: [{path: /etc/a, content: hunter2}]\n"
                + "apt: {http_proxy: 'http://ada:hunter2@proxy.example.org:3128/'}\n");
        assertThat(profile.canonicalJson())
                .isEqualTo("{\"apt\":{\"debconf_selections\":[],\"http_proxy\":\"http://sha256:"
                        + Sha256.of("ada:hunter2")
                        + "@proxy.example.org:3128/\",\"install_recommends\":false,\"sources\":{}},"
                        + "\"boot\":{\"cmdline\":[\"quiet\"],\"console\":[\"tty0\",\"ttyS0,115200\"],\"mode\":\"stateless\"},"
                        + "\"bootstrap\":{\"architecture\":\"amd64\",\"components\":[\"main\"],\"suite\":\"bookworm\","
                        + "\"variant\":\"minbase\"},"
                        + "\"hooks\":{\"cleanup\":[],\"customize\":[],\"essential\":[],\"setup\":[]},"
                        + "\"hostname\":\"node\",\"initramfs\":{\"compress\":\"zstd\",\"extra_modules\":[],"
                        + "\"generator\":\"auto\",\"modules\":\"netboot\"},\"kernel\":\"auto\",\"locale\":\"C.UTF-8\",\"locales\":[],"
                        + "\"name\":\"p\",\"overlays\":[],\"packages\":[],\"root\":{\"autologin\":false,"
                        + "\"passwd\":\"sha256:" + Sha256.of(Keys.HASH) + "\",\"ssh_authorized_keys\":[]},"
                        + "\"services\":{\"disable\":[],\"enable\":[],\"mask\":[]},\"ssh_pwauth\":false,\"swap\":{},"
                        + "\"timezone\":\"Etc/UTC\",\"users\":[],\"write_files\":[{\"append\":false,"
                        + "\"content\":\"sha256:" + Sha256.of("hunter2") + "\",\"owner\":\"root:root\","
                        + "\"path\":\"/etc/a\",\"permissions\":\"0644\"}]}");
    }

    @Test
    void theSameWishWrittenDifferentlyIsTheSameText() throws IOException {
        String plain = read("name: p\nbootstrap: {suite: bookworm}\nroot: {autologin: true}\npackages: [less, vim]\n")
                .canonicalJson();
        Files.writeString(directory.resolve("base.yaml"), "bootstrap: {suite: trixie}\npackages: [nano, less]\n");
        String spread = read(
                        "# comment\nroot:\n  autologin: on\npackages:\n- vim\n- -nano\n- less\nhostname: node\n"
                                + "include: [base.yaml]\nname: \"p\"\n",
                        "bootstrap.suite=bookworm")
                .canonicalJson();
        assertThat(spread).isEqualTo(plain);
    }

    @Test
    void aDifferentWishIsADifferentText() throws IOException {
        String head = "name: p\nbootstrap: {suite: bookworm}\nroot: {autologin: true}\n";
        String plain = read(head).canonicalJson();
        assertThat(List.of(
                        "packages: [less]",
                        "hostname: b",
                        "ssh_pwauth: true",
                        "kernel: linux-image-rt-amd64",
                        "users: [{name: ada}]",
                        "services: {mask: [a]}",
                        "hooks: {cleanup: [x]}",
                        "initramfs: {compress: xz}",
                        "boot: {mode: toram}",
                        "keyboard: {layout: de}",
                        "locales: [de_DE.UTF-8]",
                        "swap: {zram: 50%}",
                        "scratch: tmpfs"))
                .allSatisfy(line ->
                        assertThat(read(head + line + "\n").canonicalJson()).isNotEqualTo(plain));
    }

    @Test
    void theDirectoryOfTheProfileDoesNotMatter() throws IOException {
        String text = "name: p\nbootstrap: {suite: bookworm}\nroot: {autologin: true}\noverlays: [tree]\n";
        for (String name : List.of("one", "two")) {
            Files.createDirectories(directory.resolve(name).resolve("tree"));
            Files.writeString(directory.resolve(name).resolve("p.yaml"), text);
        }
        ProfileReader reader = new ProfileReader(directory);
        assertThat(reader.read(directory.resolve("one/p.yaml"), List.of()).canonicalJson())
                .contains("\"overlays\":[\"tree\"]")
                .isEqualTo(
                        reader.read(directory.resolve("two/p.yaml"), List.of()).canonicalJson());
    }
}
