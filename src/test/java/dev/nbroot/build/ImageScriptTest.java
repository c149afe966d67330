package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Events;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Sha256;
import dev.nbroot.system.linux.LinuxCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script that fetches a root into memory, run by a shell here: it mounts nothing, and the network is a directory. */
@Timeout(60)
class ImageScriptTest {
    /** busybox's programs of the initrd: wget and tftp copy from a directory, and fail as their stubs say. */
    private static final String STUBS = """
            mount() { echo "mount $*"; }
            modprobe() { :; }
            sleep() { command sleep 0.05; }
            give_up() { echo "give up: $1"; exit 1; }
            PATH=.:$PATH
            """;

    private static final String BUSYBOX = """
            #!/bin/sh
            case "$1" in
                mount) echo "busybox $*" ;;
                wget) echo "wget" >>asked; exec sh ./http ;;
                tftp) echo "tftp" >>asked; exec sh ./tftp ;;
                *) exec "$@" ;;
            esac
            """;

    private static final String IMAGE = "the image of a root";
    private static final String HTTP = "nbroot.image=http://10.0.0.1:8080/nbroot/r/1/root.squashfs";
    private static final String TFTP = "nbroot.image=tftp://10.0.0.1/nbroot/r/1/root.squashfs";

    private final Commands commands = new LinuxCommands(Events.none());

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void prepare() throws IOException {
        file = directory.resolve("run/nbroot/image/root.squashfs");
        Files.writeString(directory.resolve("meminfo"), "MemTotal: 1000000 kB\nMemAvailable: 900000 kB\n");
        Path busybox = Files.writeString(directory.resolve("busybox"), BUSYBOX);
        Files.setPosixFilePermissions(busybox, PosixFilePermissions.fromString("rwxr-xr-x"));
        http("exit 1");
        tftp("exit 1");
    }

    /** What wget does; {@code $file} is where it writes to. */
    private void http(String script) throws IOException {
        Files.writeString(directory.resolve("http"), "file=" + file + "\n" + script + "\n");
    }

    private void tftp(String script) throws IOException {
        Files.writeString(directory.resolve("tftp"), "file=" + file + "\n" + script + "\n");
    }

    private Commands.Result run(String... words) throws IOException {
        Files.writeString(directory.resolve("cmdline"), "quiet " + String.join(" ", words) + " ro\n");
        String script = Resource.text("root/image.sh")
                .replace("/run/", directory + "/run/")
                .replace("/proc/", directory + "/")
                .replace(">/dev/console", ">>" + directory + "/console");
        Files.writeString(directory.resolve("script"), STUBS + script + "\nnbroot_image /root\n");
        return commands.run(Invocation.of("sh", "script")
                .in(directory)
                .within(Duration.ofSeconds(50))
                .accepting(0, 1));
    }

    private static String sum() {
        return "nbroot.image.sha256=" + Sha256.of(IMAGE);
    }

    private static String size() {
        return "nbroot.image.size=" + IMAGE.length();
    }

    private String asked() throws IOException {
        return String.join(" ", Files.readAllLines(directory.resolve("asked")));
    }

    private String console() throws IOException {
        return Files.readString(directory.resolve("console"));
    }

    @Test
    void whatIsRightIsMountedAndCannotBeChangedAnyMore() throws IOException {
        http("printf '" + IMAGE + "' >\"$file\"");
        Commands.Result result = run(HTTP, TFTP, sum(), size());
        assertThat(result.status()).as(result.text()).isZero();
        assertThat(result.lines())
                .containsSubsequence(
                        "busybox mount -n -o remount,ro " + directory + "/run/nbroot/image",
                        "busybox mount -n -t squashfs -o ro,loop " + file + " /root");
        assertThat(asked()).isEqualTo("wget");
    }

    @Test
    void theNextWayIsTakenWhenOneIsClosed() throws IOException {
        http("echo \"wget: can't connect to remote host: Connection refused\" >&2; exit 1");
        tftp("printf '" + IMAGE + "' >\"$file\"");
        assertThat(run(HTTP, TFTP, sum(), size()).status()).isZero();
        assertThat(asked()).isEqualTo("wget tftp");
        assertThat(console())
                .contains(
                        "http://10.0.0.1:8080/nbroot/r/1/root.squashfs: wget: can't connect to remote host: Connection"
                                + " refused: 0 of 19 bytes are there; trying again");
    }

    @Test
    void aServerThatComesLateIsWaitedForAndAPartIsKept() throws IOException {
        http("""
                count=$(grep -c wget asked)
                case "$count" in
                    1) ;;
                    2) printf 'the image' >"$file" ;;
                    *) cat "$file" >before; printf ' of a root' >>"$file" ;;
                esac""");
        assertThat(run(HTTP, sum(), size()).status()).isZero();
        assertThat(asked()).isEqualTo("wget wget wget");
        assertThat(directory.resolve("before")).hasContent("the image");
        assertThat(console()).contains("the connection ended early: 9 of 19 bytes are there");
    }

    @Test
    void whatIsWrongTwiceIsNotBooted() throws IOException {
        http("printf 'the image of a loot' >\"$file\"");
        Commands.Result result = run(HTTP, sum(), size());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.text())
                .contains("give up: nbroot: not booting http://10.0.0.1:8080/nbroot/r/1/root.squashfs: SHA-256 differs:"
                        + " expected " + Sha256.of(IMAGE) + ", found " + Sha256.of("the image of a loot"))
                .doesNotContain("squashfs -o");
        assertThat(asked()).isEqualTo("wget wget");
        assertThat(file).doesNotExist();
    }

    @Test
    void whatIsTooLongIsFetchedAnew() throws IOException {
        http("if [ -e \"$file\" ]; then exit 1; fi; printf '" + IMAGE + "s' >\"$file\"");
        tftp("printf '" + IMAGE + "' >\"$file\"");
        assertThat(run(HTTP, TFTP, sum(), size()).status()).isZero();
        assertThat(console()).contains("20 of 19 bytes are there");
    }

    /** 192 MiB beside the image. */
    @Test
    void withTooLittleMemoryNothingIsFetched() throws IOException {
        Files.writeString(directory.resolve("meminfo"), "MemTotal: 300000 kB\nMemAvailable: 180000 kB\n");
        Commands.Result result = run(HTTP, sum(), "nbroot.image.size=8388608");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.text())
                .contains(
                        "give up: nbroot: too little memory for http://10.0.0.1:8080/nbroot/r/1/root.squashfs: it needs"
                                + " 200 MiB free, this machine has 176 MiB free of 293 MiB")
                .doesNotContain("tmpfs");
        assertThat(directory.resolve("asked")).doesNotExist();
    }

    @Test
    void aCommandLineWithoutAHashIsRefused() throws IOException {
        Commands.Result result = run(HTTP, size());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.text()).contains("lacks nbroot.image, nbroot.image.sha256 or nbroot.image.size");
    }

    /** wget of Debian's busybox knows no timeout. */
    @Test
    void whoHangsIsGivenUp() throws IOException {
        http("if [ $(grep -c wget asked) = 1 ]; then exec sleep 40; fi; printf '" + IMAGE + "' >\"$file\"");
        assertThat(run(HTTP, sum(), size()).status()).isZero();
        assertThat(console()).contains("nothing came for 30 seconds");
    }
}
