package dev.nbroot.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.serve.BootServers;
import dev.nbroot.serve.ServeSettings;
import dev.nbroot.serve.Trees;
import dev.nbroot.serve.UseLog;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import dev.nbroot.system.linux.LinuxNeighbours;
import dev.nbroot.system.linux.LinuxPortHolders;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real boot ROM against nbroot's TFTP server, without a root: half a minute that tells whether a lab works. */
class LabIT {
    private static final Path PXELINUX = Path.of("/usr/lib/PXELINUX/pxelinux.0");
    private static final Path LDLINUX = Path.of("/usr/lib/syslinux/modules/bios/ldlinux.c32");
    private static final MacAddress MAC = MacAddress.parse("52:54:00:6e:62:01");

    @TempDir
    private Path scratch;

    @BeforeEach
    void needs() {
        Needs.root();
        Needs.programs("qemu-system-x86_64", "dnsmasq", "ip", "unshare");
        Needs.file(PXELINUX, "pxelinux");
        Needs.file(LDLINUX, "syslinux-common");
    }

    @Test
    void firmwareLoadsPxelinuxAndItsConfiguration() throws Exception {
        Path tree =
                Files.createDirectories(scratch.resolve("tftp/pxelinux.cfg")).getParent();
        Files.copy(PXELINUX, tree.resolve("pxelinux.0"));
        Files.copy(LDLINUX, tree.resolve("ldlinux.c32"));
        Files.writeString(tree.resolve("pxelinux.cfg/default"), "SERIAL 0 115200\nSAY configuration read\nPROMPT 1\n");
        List<Event.ClientActivity> activity = new CopyOnWriteArrayList<>();
        Events events = event -> {
            if (event instanceof Event.ClientActivity done) {
                activity.add(done);
            }
        };

        try (Lab lab = Lab.open(
                        new LinuxCommands(Events.none()), new LinuxNamespaces(), new Subnet("10.77.0.1"), scratch);
                BootServers servers = lab.namespace().onNetwork(() -> start(tree, events))) {
            assertThat(servers).isNotNull();
            lab.serveDhcp(List.of(MAC), "pxelinux.0", line -> {});
            try (VirtualMachine machine = lab.powerOn(0, MAC, new MachineType(256, Accelerator.best()))) {
                long giveUp = System.nanoTime() + 90_000_000_000L;
                while (!machine.serialText().contains("configuration read") && System.nanoTime() < giveUp) {
                    Thread.sleep(200);
                }
                assertThat(machine.serialText()).contains("configuration read");
            }
        }

        assertThat(activity)
                .anySatisfy(done -> {
                    assertThat(done.subject()).isEqualTo("pxelinux.0");
                    assertThat(done.outcome()).isEqualTo("done");
                    assertThat(done.who().mac()).isEqualTo(MAC.colons());
                    assertThat(done.who().address()).isEqualTo("10.77.0.101");
                })
                .anySatisfy(done -> {
                    assertThat(done.subject()).contains("pxelinux.cfg/01-52-54-00-6e-62-01");
                    assertThat(done.outcome()).isEqualTo("missing");
                    assertThat(done.expected()).isTrue();
                });
    }

    private BootServers start(Path tree, Events events) {
        try {
            StateDirectory state = new StateDirectory(scratch.resolve("state"));
            return BootServers.start(
                    ServeSettings.usual(InetAddress.getByName("10.77.0.1"), Optional.of(tree), 69, 2049, 111),
                    state,
                    new NoTrees(),
                    new BootServers.Ground(
                            new LinuxPosixFiles(), new LinuxPortHolders(), new LinuxNeighbours(), events),
                    told -> UseLog.none());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** There are no roots in this test. */
    private static final class NoTrees implements Trees {
        @Override
        public Path open(KeptDirectory kept) throws IOException {
            throw new IOException("nothing kept here");
        }

        @Override
        public Path open(Generation generation) throws IOException {
            throw new IOException("no generations here");
        }

        @Override
        public Path open(ClientRecord client) throws IOException {
            throw new IOException("no clients here");
        }
    }
}
