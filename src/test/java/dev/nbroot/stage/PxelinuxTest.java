package dev.nbroot.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.report.Failure;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.SampleState;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Ipv4Address;
import dev.nbroot.system.MacAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What machines are told to boot, byte for byte. */
class PxelinuxTest {
    private static final Set<String> DIRECTIVES = Set.of(
            "SERIAL",
            "SAY",
            "DEFAULT",
            "PROMPT",
            "TIMEOUT",
            "LABEL",
            "LINUX",
            "INITRD",
            "APPEND",
            "IPAPPEND",
            "LOCALBOOT");

    private final StateDirectory state = new StateDirectory(Path.of("/var/lib/nbroot"));

    @Test
    void theDefaultOfAStatelessRoot() {
        assertThat(unknown(staged("bookworm", "stateless", List.of("tty0", "ttyS0,115200"), "quiet")))
                .isEqualTo("""
                        # Managed by nbroot: "nbroot stage" writes this file and refuses to overwrite changes.
                        SERIAL 0 115200
                        SAY nbroot: this machine is no client of 192.0.2.1; it boots bookworm/1
                        DEFAULT bookworm
                        PROMPT 0

                        LABEL bookworm
                          LINUX nbroot/bookworm/1/vmlinuz
                          INITRD nbroot/bookworm/1/initrd
                          APPEND root=/dev/nfs nfsroot=192.0.2.1:/var/lib/nbroot/roots/bookworm/1/root,vers=3,tcp,hard,timeo=600,retrans=2 ip=dhcp ro nbroot.overlay=tmpfs systemd.condition_needs_update=0 console=tty0 console=ttyS0,115200 quiet
                          IPAPPEND 2
                        """);
    }

    @Test
    void theDefaultOfAPersistentRootIsTheNextDevice() {
        assertThat(unknown(staged("bookworm", "persistent", List.of("tty0")), staged("rescue", "stateless", List.of())))
                .isEqualTo("""
                        # Managed by nbroot: "nbroot stage" writes this file and refuses to overwrite changes.
                        SAY nbroot: this machine is not known to 192.0.2.1, and the root 'bookworm' is for known machines only.
                        SAY On the server: nbroot clone bookworm --mac MAC
                        SAY Trying the next boot device in 30 seconds.
                        DEFAULT nothing
                        PROMPT 1
                        TIMEOUT 300

                        LABEL nothing
                          LOCALBOOT -1

                        LABEL rescue
                          LINUX nbroot/rescue/1/vmlinuz
                          INITRD nbroot/rescue/1/initrd
                          APPEND root=/dev/nfs nfsroot=192.0.2.1:/var/lib/nbroot/roots/rescue/1/root,vers=3,tcp,hard,timeo=600,retrans=2 ip=dhcp ro nbroot.overlay=tmpfs systemd.condition_needs_update=0
                          IPAPPEND 2
                        """);
    }

    @Test
    void aPersistentClient() {
        BootMenu menu = client(ClientMode.PERSISTENT, Optional.of("192.0.2.7"), OptionalInt.empty(), 2049);
        assertThat(Pxelinux.path(menu.machine())).isEqualTo(Path.of("pxelinux.cfg/01-52-54-00-ab-cd-ef"));
        assertThat(Pxelinux.text(menu)).isEqualTo("""
                        # Managed by nbroot: "nbroot stage" writes this file and refuses to overwrite changes.
                        SAY nbroot: node1 (52:54:00:ab:cd:ef) boots bookworm/1 from 192.0.2.1
                        DEFAULT node1
                        PROMPT 0

                        LABEL node1
                          LINUX nbroot/bookworm/1/vmlinuz
                          INITRD nbroot/bookworm/1/initrd
                          APPEND root=/dev/nfs nfsroot=192.0.2.1:/var/lib/nbroot/clients/52-54-00-ab-cd-ef/root,vers=3,tcp,hard,timeo=600,retrans=2 ip=dhcp rw console=tty0
                          IPAPPEND 2
                        """);
    }

    @Test
    void aStatelessClientGetsItsIdentityOnTheCommandLine() {
        assertThat(cmdline(client(ClientMode.STATELESS, Optional.empty(), OptionalInt.empty(), 3049)))
                .isEqualTo("root=/dev/nfs nfsroot=192.0.2.1:/var/lib/nbroot/roots/bookworm/1/root,"
                        + "vers=3,tcp,hard,timeo=600,retrans=2,port=3049 ip=dhcp ro nbroot.overlay=tmpfs systemd.condition_needs_update=0"
                        + " systemd.hostname=node1 systemd.machine_id=0123456789abcdef0123456789abcdef console=tty0");
    }

    @Test
    void anInitrdOfDracutIsToldInItsOwnWords() {
        Generation generation = state.generation("forky", 1);
        Manifest.Boot boot = new Manifest.Boot("stateless", List.of("tty0"), List.of());
        StagedGeneration staged = StagedGeneration.of(generation, SampleState.manifest(generation, boot, "dracut"));
        assertThat(unknown(staged))
                .contains(
                        "\n  APPEND root=nfs:192.0.2.1:/var/lib/nbroot/roots/forky/1/root:"
                                + "vers=3,proto=tcp,mountproto=tcp,hard,timeo=600,retrans=2"
                                + " rd.neednet=1 rd.bootif=0 rd.retry=86400 ip=dhcp ro nbroot.overlay=tmpfs systemd.condition_needs_update=0 console=tty0\n");
    }

    @Test
    void anAddressWithItsPrefixIsTakenWithoutDhcp() {
        assertThat(cmdline(client(ClientMode.PERSISTENT, Optional.of("192.0.2.7"), OptionalInt.of(22), 2049)))
                .contains(" ip=192.0.2.7:192.0.2.1::255.255.252.0:node1::off")
                .doesNotContain("dhcp");
    }

    /** syslinux.cfg(5): SERIAL should be first; a LABEL ends the global part; unknown words are errors on screen. */
    @Test
    void everyConfigurationKeepsToTheSyntax() {
        StagedGeneration stateless = staged("bookworm", "stateless", List.of("ttyS1,9600n8"));
        StagedGeneration persistent = staged("trixie", "persistent", List.of("ttyS0"));
        for (String text : List.of(unknown(stateless, persistent), unknown(persistent, stateless))) {
            List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
            assertThat(lines.get(0)).startsWith("#");
            assertThat(lines.get(1)).matches("SERIAL [01] 9600");
            boolean inLabel = false;
            for (String line : lines.subList(1, lines.size())) {
                String word = line.strip().split(" ")[0];
                assertThat(DIRECTIVES).contains(word);
                inLabel |= word.equals("LABEL");
                assertThat(line.startsWith("  ")).isEqualTo(inLabel && !word.equals("LABEL"));
                assertThat(line).matches("[ -~]+");
                assertThat(line.length()).isLessThan(2048);
            }
            String first = lines.stream()
                    .filter(line -> line.startsWith("DEFAULT"))
                    .findFirst()
                    .orElseThrow();
            assertThat(lines).contains("LABEL " + first.split(" ")[1]);
        }
    }

    @Test
    void aCommandLineThatIsTooLongIsRefusedWithItsLength() {
        String longest = "x".repeat(1_700);
        assertThat(unknown(staged("fits", "stateless", List.of(), longest))).contains(longest);
        StagedGeneration tooLong = staged("long", "stateless", List.of(), "x".repeat(2_000));
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> unknown(tooLong))
                .withMessageMatching("the kernel command line of long/1 has 2[0-9]{3} characters, 2047 are the most.*");
    }

    @Test
    void aFileNameThatIsTooLongIsRefused() {
        StagedGeneration staged = staged("r".repeat(120), "stateless", List.of());
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> unknown(staged))
                .withMessageContaining("PXELINUX cannot load a file named");
    }

    @Test
    void wordsThatWouldBreakTheFileAreRefused() {
        for (String word : List.of("a\nKERNEL evil", "caf\u00e9", "initrd=mine", "tab\tbed")) {
            StagedGeneration staged = staged("root" + Math.abs(word.hashCode()), "stateless", List.of(), word);
            assertThatExceptionOfType(Failure.class).as(word).isThrownBy(() -> unknown(staged));
        }
    }

    @Test
    void severalWordsInOneEntryAreSeveralWords() {
        assertThat(unknown(staged("bookworm", "stateless", List.of(), " quiet  splash ")))
                .contains("nbroot.overlay=tmpfs systemd.condition_needs_update=0 quiet splash\n");
    }

    private String unknown(StagedGeneration... staged) {
        return Pxelinux.text(planner(2049).unknown(List.of(staged)));
    }

    private BootMenu client(ClientMode mode, Optional<String> address, OptionalInt prefix, int port) {
        ClientRecord client = new ClientRecord(
                new MacAddress("52-54-00-ab-cd-ef"),
                "bookworm",
                1,
                "node1",
                "0123456789abcdef0123456789abcdef",
                mode,
                address,
                prefix,
                "2026-01-01T00:00:00Z");
        return planner(port).client(client, staged("bookworm", "persistent", List.of("tty0")));
    }

    private BootPlanner planner(int port) {
        return new BootPlanner(state, Ipv4Address.parse("192.0.2.1", "--server"), port, OptionalInt.of(80));
    }

    private static String cmdline(BootMenu menu) {
        return menu.kernels().get(0).cmdline();
    }

    private StagedGeneration staged(String root, String mode, List<String> console, String... cmdline) {
        Generation generation = state.generation(root, 1);
        Manifest.Boot boot = new Manifest.Boot(mode, console, List.of(cmdline));
        return StagedGeneration.of(generation, SampleState.manifest(generation, boot));
    }
}
