package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.client.RealContents;
import dev.nbroot.it.Needs;
import dev.nbroot.report.Events;
import dev.nbroot.stage.DebianPxelinux;
import dev.nbroot.stage.PxelinuxOnHost;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.SampleState;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.linux.LinuxCommands;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The staged tree read by the real PXELINUX in an emulated PC, whose network is QEMU's own with nothing outside it. The
 * kernel is not one, so the machine stops after loading it.
 */
class PxelinuxBootIT {
    private static final Path QEMU = Path.of("/usr/bin/qemu-system-x86_64");
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(120);
    private static final long POLL_MILLIS = 200;
    private static final int SCREEN_BYTES = 80 * 25 * 2;
    /** Without the word "quiet", which PXELINUX heeds too. */
    private static final Manifest.Boot TALKATIVE =
            new Manifest.Boot("stateless", List.of("tty0", "ttyS0,115200"), List.of());

    private static final String MAC = "52-54-00-00-00-01";

    @TempDir
    private Path temporary;

    private final Commands commands = new LinuxCommands(Events.none());
    private final PxelinuxOnHost host = new PxelinuxOnHost(Path.of("/"), commands);
    private SampleState state;

    @BeforeEach
    void prepare() {
        Needs.programs(QEMU.getFileName().toString());
        Needs.that(host.find().isPresent(), "needs the packages pxelinux and syslinux-common, of one version");
        state = new SampleState(temporary.resolve("state"));
    }

    @Test
    void aClientLoadsItsOwnKernelAndInitrd() throws IOException {
        state.publish("bookworm", TALKATIVE);
        ClientRecord client = new ClientRecord(
                new MacAddress(MAC),
                "bookworm",
                1,
                "node1",
                "0123456789abcdef0123456789abcdef",
                ClientMode.PERSISTENT,
                Optional.empty(),
                OptionalInt.empty(),
                "2026-01-01T00:00:00Z");
        state.files().write(Files.createDirectories(state.directory().client(client.mac())), client);
        assertThat(boot())
                .contains("nbroot: node1 (52:54:00:00:00:01) boots bookworm/1 from 10.0.2.2")
                .contains("Loading nbroot/bookworm/1/vmlinuz... ok")
                .contains("Loading nbroot/bookworm/1/initrd...ok")
                .doesNotContain("Unknown keyword");
    }

    @Test
    void aMachineThatNobodyKnowsBootsTheDefault() throws IOException {
        state.publish("bookworm", TALKATIVE);
        assertThat(boot())
                .contains("nbroot: this machine is no client of 10.0.2.2; it boots bookworm/1")
                .contains("Loading nbroot/bookworm/1/vmlinuz... ok")
                .doesNotContain("Unknown keyword");
    }

    @Test
    void aMachineThatNobodyKnowsIsToldSoWhenTheRootIsForClients() throws IOException {
        state.publish("bookworm", new Manifest.Boot("persistent", List.of("ttyS0,115200"), List.of()));
        assertThat(boot())
                .contains("nbroot: this machine is not known to 10.0.2.2")
                .contains("nbroot clone bookworm --mac MAC")
                .doesNotContain("Loading ")
                .doesNotContain("Unknown keyword");
    }

    /** Boots until the boot loader stands at its prompt on the serial line; returns what is on the screen. */
    private String boot() throws IOException {
        Path tftp = temporary.resolve("tftp");
        new StageBootTree(
                        state.directory(),
                        new DebianPxelinux(host, temporary.resolve("cache"), commands, Events.none()),
                        RealContents.ground(),
                        Events.none(),
                        Clock.systemUTC())
                .run(StageRequest.of(List.of(), tftp, "10.0.2.2", Optional.empty()));
        Path serial = Files.createFile(temporary.resolve("serial"));
        Path monitor = temporary.resolve("monitor");
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        Invocation qemu = Invocation.of(List.of(
                        QEMU.toString(),
                        "-nodefaults",
                        "-m",
                        "128",
                        "-vga",
                        "std",
                        "-display",
                        "none",
                        "-serial",
                        "file:" + serial,
                        "-monitor",
                        "unix:" + monitor + ",server,nowait",
                        "-boot",
                        "n",
                        "-netdev",
                        "user,id=net,restrict=on,tftp=" + tftp + ",bootfile=pxelinux.0",
                        "-device",
                        "virtio-net-pci,netdev=net,mac=" + MAC.replace('-', ':')))
                .in(temporary);
        try (Commands.Running machine = commands.start(qemu, lines::add)) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
            while (!Files.readString(serial, StandardCharsets.ISO_8859_1).contains("boot:")) {
                assertThat(System.nanoTime()).as("still booting").isLessThan(end);
                assertThat(machine.waitFor(POLL_MILLIS)).as("QEMU: " + lines).isFalse();
            }
            return screen(monitor, machine);
        }
    }

    /** The text screen of a PC: 80 columns of character and attribute at physical address 0xb8000. */
    private String screen(Path monitor, Commands.Running machine) throws IOException {
        Path dump = temporary.resolve("screen");
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(monitor))) {
            // A short name: the monitor's echo is not read here, and must not fill the socket.
            String command = "pmemsave 0xb8000 " + SCREEN_BYTES + " " + dump.getFileName() + "\n";
            channel.write(ByteBuffer.wrap(command.getBytes(StandardCharsets.US_ASCII)));
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
            while (!Files.exists(dump) || Files.size(dump) < SCREEN_BYTES) {
                assertThat(System.nanoTime()).as("waiting for the screen").isLessThan(end);
                assertThat(machine.waitFor(POLL_MILLIS)).isFalse();
            }
        }
        byte[] cells = Files.readAllBytes(dump);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < cells.length; i += 2) {
            text.append((char) (cells[i] & 0xff));
        }
        return text.toString();
    }
}
