package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Events;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host whose port 111 belongs to rpcbind already, as every host with nfs-common has it. */
class ForeignPortMapperIT {
    @TempDir
    private Path scratch;

    private final Commands commands = new LinuxCommands(Events.none());

    @Test
    void serveRegistersThereAlsoAfterItWasKilled() throws Exception {
        Needs.root();
        Needs.programs("ip", "unshare", "rpcbind", "rpcinfo");
        Program nbroot = new Program(commands, Files.createDirectory(scratch.resolve("state")), scratch);
        try (Namespaces.Namespace network = new LinuxNamespaces().openWithNetwork()) {
            commands.run(network.inside(Invocation.of("sh", "-c", "mount -t tmpfs tmpfs /run && rpcbind")));
            Invocation serve = network.inside(nbroot.invocation("serve", "--address", "127.0.0.1"));
            try (ServeProcess first = new ServeProcess(commands, serve)) {
                commands.run(Invocation.of("pkill", "-KILL", "-P", Long.toString(first.pid())));
            }
            assertThat(registered(network))
                    .as("left by the one that was killed")
                    .isNotEmpty();
            try (ServeProcess second = new ServeProcess(commands, serve)) {
                assertThat(registered(network))
                        .containsExactlyInAnyOrder(
                                "100003 3 tcp 2049",
                                "100003 3 udp 2049",
                                "100005 3 tcp 2049",
                                "100005 3 udp 2049",
                                "100227 3 tcp 2049");
                assertThat(second.terminate()).isZero();
            }
            assertThat(registered(network)).isEmpty();
        }
    }

    private List<String> registered(Namespaces.Namespace network) {
        return commands.run(network.inside(Invocation.of("rpcinfo", "-p", "127.0.0.1"))).lines().stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[0].matches("1000(03|05)|100227"))
                .map(fields -> String.join(" ", fields[0], fields[1], fields[2], fields[3]))
                .toList();
    }
}
