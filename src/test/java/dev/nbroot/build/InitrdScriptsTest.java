package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.profile.Initramfs;
import dev.nbroot.profile.Initramfs.Compress;
import dev.nbroot.profile.Initramfs.Generator;
import dev.nbroot.profile.Initramfs.Modules;
import dev.nbroot.release.InitrdDhcp;
import dev.nbroot.report.Events;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.linux.LinuxCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts that run in an initrd, run by a shell here: what they would mount is written down instead. */
class InitrdScriptsTest {
    private static final Initramfs WANTED =
            new Initramfs(Generator.AUTO, Modules.NETBOOT, Compress.ZSTD, List.of("i40e"));

    /** What the initrd has and a test must not do. */
    private static final String STUBS = """
            mount() { echo "mount $*"; }
            umount() { echo "umount $*"; }
            modprobe() { echo "modprobe $*"; }
            systemctl() { :; }
            die() { echo "die: $*"; exit 1; }
            panic() { echo "panic: $*"; exit 1; }
            getarg() {
                for word in $(cat "$CMDLINE"); do
                    case "$word" in "$1"*) echo "${word#"$1"}"; return 0 ;; esac
                done
                return 1
            }
            rootmnt=/root
            NEWROOT=/sysroot
            """;

    private final Commands commands = new LinuxCommands(Events.none());

    @TempDir
    private Path directory;

    static Stream<InitrdMaker> makers() {
        return Stream.of(new InitramfsTools(WANTED, InitrdDhcp.IPCONFIG, false), new Dracut(WANTED));
    }

    private static String script(InitrdMaker maker, String end) {
        return maker.files().stream()
                .filter(file -> file.path().endsWith(end))
                .findFirst()
                .orElseThrow()
                .text();
    }

    private Commands.Result run(String script, String cmdline) throws IOException {
        Path words = Files.writeString(directory.resolve("cmdline"), cmdline + "\n");
        String text = script.replace("/proc/cmdline", words.toString())
                .replace("/run/", directory + "/run/")
                .replace(". /scripts/functions", "")
                .replaceAll("(?m)^command -v .*dracut-lib.sh$", "");
        Path file = Files.writeString(directory.resolve("script"), STUBS + text);
        return commands.run(Invocation.of("sh", "-eu", file.toString(), "run")
                .with("CMDLINE", words.toString())
                .accepting(0, 1));
    }

    @ParameterizedTest
    @MethodSource("makers")
    void everyScriptIsOneForItsShell(InitrdMaker maker) throws IOException {
        for (TreeFile file : maker.files()) {
            if (file.text().startsWith("#!")) {
                Path script = Files.writeString(directory.resolve("script"), file.text());
                String shell = file.text().startsWith("#!/bin/bash") ? "bash" : "sh";
                assertThat(commands.run(Invocation.of(shell, "-n", script.toString()))
                                .text())
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("makers")
    void aMachineThatIsNotAskedToForgetMountsNothing(InitrdMaker maker) throws IOException {
        Commands.Result result = run(script(maker, "nbroot-overlay" + end(maker)), "quiet rw");
        assertThat(result.status()).isZero();
        assertThat(result.text()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("makers")
    void theOverlayLiesInMemoryOverTheRoot(InitrdMaker maker) throws IOException {
        Commands.Result result = run(script(maker, "nbroot-overlay" + end(maker)), "ro nbroot.overlay=tmpfs quiet");
        String run = directory + "/run/nbroot";
        String root = maker instanceof Dracut ? "/sysroot" : "/root";
        assertThat(result.status()).isZero();
        assertThat(result.lines())
                .startsWith("modprobe overlay")
                .containsSubsequence(
                        maker instanceof Dracut
                                ? "mount -n --bind /sysroot " + run + "/lower"
                                : "mount -n -o move /root " + run + "/lower",
                        "mount -n -t tmpfs -o mode=0755,size=50% nbroot-memory " + run + "/memory",
                        "mount -n -t overlay -o lowerdir=" + run + "/lower,upperdir=" + run + "/memory/upper,workdir="
                                + run + "/memory/work nbroot-overlay " + root);
    }

    @ParameterizedTest
    @MethodSource("makers")
    void itsSizeCanBeSaidAndNonsenseStopsTheBoot(InitrdMaker maker) throws IOException {
        String script = script(maker, "nbroot-overlay" + end(maker));
        assertThat(run(script, "nbroot.overlay=tmpfs:size=2g").text()).contains("mode=0755,size=2g");
        Files.delete(directory.resolve("run/nbroot/memory/upper"));
        Files.delete(directory.resolve("run/nbroot/memory/work"));
        Files.delete(directory.resolve("run/nbroot/lower"));
        Commands.Result refused = run(script, "nbroot.overlay=disk");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.text())
                .contains("nbroot.overlay=disk is not understood")
                .doesNotContain("mount -n");
    }

    /** The server is away twice; a path has what a name may have. */
    private Commands.Result keep(String cmdline) throws IOException {
        Path list = directory.resolve("root/usr/lib/nbroot/persist.paths");
        Files.createDirectories(list.getParent());
        Files.writeString(list, "/home\n/var/lib/foo-bar\n");
        String stubs = """
                sleep() { echo "sleep $*"; }
                mount_kept() {
                    echo "mount $*"
                    [ -e "$0.tried" ] || { touch "$0.tried"; return 1; }
                }
                """;
        return run(stubs + persist(), cmdline);
    }

    /** What goes to the console is among the other output here. */
    private String persist() {
        return Resource.text("root/persist.sh").replace(" >/dev/console", "") + "nbroot_persist " + directory
                + "/root\n";
    }

    @Test
    void aMachineWaitsForWhatTheServerKeeps() throws IOException {
        String options = "mount vers=3,tcp,hard,nolock,timeo=600,retrans=2 ";
        Path root = directory.resolve("root");
        assertThat(keep("ro nbroot.persist=10.0.0.1:/s/clients/m/persist quiet").lines())
                .containsExactly(
                        options + "10.0.0.1:/s/clients/m/persist/home " + root + "/home",
                        "nbroot: waiting for /home, which the server keeps: 10.0.0.1:/s/clients/m/persist/home cannot be"
                                + " mounted (nbroot.persist=none boots without, and keeps nothing)",
                        "sleep 2",
                        options + "10.0.0.1:/s/clients/m/persist/home " + root + "/home",
                        options + "10.0.0.1:/s/clients/m/persist/var=lib=foo-bar " + root + "/var/lib/foo-bar");
        assertThat(root.resolve("var/lib/foo-bar")).isDirectory();
        assertThat(keep("nbroot.persist=10.0.0.1:/s,port=3049").text())
                .contains(",port=3049 10.0.0.1:/s/home " + root + "/home");
    }

    @Test
    void whatNobodyKeepsIsNotWaitedFor() throws IOException {
        assertThat(keep("ro nbroot.overlay=tmpfs").text()).isEmpty();
        assertThat(keep("nbroot.persist=10.0.0.1:/s nbroot.persist=none").text())
                .isEmpty();
        Files.delete(directory.resolve("root/usr/lib/nbroot/persist.paths"));
        assertThat(run(persist(), "nbroot.persist=10.0.0.1:/s").text()).isEmpty();
    }

    private static String end(InitrdMaker maker) {
        return maker instanceof Dracut ? ".sh" : "";
    }

    private List<String> networkFile(String cmdline) throws IOException {
        Path network = Files.createDirectories(directory.resolve("run/systemd/network"));
        Path file = Files.writeString(
                network.resolve("71-default.network"), "[Match]\nKind=!*\nType=!loopback\n\n[Network]\nDHCP=ipv4\n");
        assertThat(run(script(new Dracut(WANTED), "nbroot-network.sh"), cmdline).status())
                .isZero();
        return Files.readAllLines(file);
    }

    @Test
    void onlyTheInterfaceThatTheMachineWasBootedFromGetsAnAddress() throws IOException {
        assertThat(networkFile("ip=dhcp BOOTIF=01-52-54-00-6E-62-0a"))
                .containsExactly(
                        "[Match]",
                        "MACAddress=52:54:00:6E:62:0a",
                        "Kind=!*",
                        "Type=!loopback",
                        "",
                        "[Network]",
                        "DHCP=ipv4");
    }

    @Test
    void whatDracutHasTriedIsTriedAgain() throws IOException {
        Path tried = Files.createFile(directory.resolve("networkd.ens3.done"));
        String script = script(new Dracut(WANTED), "nbroot-again.sh")
                .replace("/tmp/", directory + "/")
                .replace("sleep 1", "echo wait");
        assertThat(run(script, "").text()).isEqualTo("wait");
        assertThat(tried).doesNotExist();
        assertThat(run(script, "").text()).isEmpty();
    }

    /** 20 is the hardware type of InfiniBand, whose addresses are longer. */
    @ParameterizedTest
    @ValueSource(strings = {"ip=dhcp", "ip=dhcp BOOTIF=", "ip=dhcp BOOTIF=eth0", "ip=dhcp BOOTIF=20-52-54-00-6e-62-0a"})
    void withoutItEveryInterfaceDoes(String cmdline) throws IOException {
        assertThat(networkFile(cmdline)).noneMatch(line -> line.startsWith("MACAddress"));
    }
}
