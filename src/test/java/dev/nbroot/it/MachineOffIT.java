package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Events;
import dev.nbroot.state.SampleState;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.TreeRemoval;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A machine on a network of its own is switched off, and its view can be changed while {@code serve} goes on. */
@Timeout(300)
class MachineOffIT {
    private static final String SERVER = "192.168.7.1";
    private static final String MAC = "52:54:00:00:00:0a";
    private static final int LOCKED = 6;

    private static final String SET_UP = """
            set -eu
            mount -t tmpfs nbroot-run /run
            ip netns add one
            ip link add to-one type veth peer name eth0 address 52:54:00:00:00:0a netns one
            ip address add 192.168.7.1/24 dev to-one
            ip link set to-one up
            ip -n one address add 192.168.7.2/24 dev eth0
            ip -n one link set eth0 up
            """;

    private final Commands commands = new LinuxCommands(Events.none());
    private Path top;
    private Namespaces.Namespace network;

    @BeforeEach
    void prepare() throws IOException {
        Thorough.only();
        Needs.root();
        Needs.programs("ip", "unshare", "nfs-ls", "nfs-cat", "nfs-cp");
        top = Files.createTempDirectory(Path.of("/var/tmp"), "nbroot-off-").toRealPath();
        network = new LinuxNamespaces().openWithNetwork();
        run(Invocation.of("sh", "-c", SET_UP));
    }

    @AfterEach
    void clean() {
        if (network != null) {
            network.close();
        }
        if (top != null) {
            TreeRemoval.remove(top);
        }
    }

    @Test
    void itsViewIsLetGoWhenItIsOffAndNotWhenItIsSilent() throws Exception {
        SampleState state = new SampleState(top.resolve("state"));
        state.publish("bookworm");
        Path fresh = Files.writeString(top.resolve("fresh"), "fresh\n");
        Program nbroot = new Program(commands, state.directory().path(), top);
        String view = nbroot.run("clone", "bookworm", "--mac", MAC, "--hostname", "node1")
                .get(0);
        Invocation command = nbroot.invocation("serve", "--address", SERVER, "--verbose");
        try (ServeProcess serve = new ServeProcess(commands, network.inside(command))) {
            assertThat(onMachine("nfs-cp", fresh.toString(), url(view + "/etc/fresh"))
                            .status())
                    .isZero();
            Commands.Result early = nbroot.attempt("reset", "--mac", MAC);
            assertThat(early.status()).isEqualTo(LOCKED);

            // Silent, but on: the machine's kernel answers.
            Thread.sleep(75_000);
            assertThat(nbroot.attempt("reset", "--mac", MAC).status()).isEqualTo(LOCKED);

            run(Invocation.of("ip", "-n", "one", "link", "set", "eth0", "down"));
            serve.await("that it is off", line -> line.contains("node1 (" + MAC + ") is off"), 90_000);
            assertThat(nbroot.run("reset", "--mac", MAC))
                    .singleElement()
                    .asString()
                    .contains("1 change taken back");

            run(Invocation.of("ip", "-n", "one", "link", "set", "eth0", "up"));
            assertThat(onMachine("nfs-cat", url(view + "/etc/fresh")).status()).isNotZero();
            assertThat(onMachine("nfs-cat", url(view + "/etc/hostname")).text()).isEqualTo("node1");
            assertThat(nbroot.attempt("reset", "--mac", MAC).status()).isEqualTo(LOCKED);
            assertThat(serve.terminate()).isZero();
        }
    }

    private static String url(String path) {
        return "nfs://" + SERVER + path;
    }

    private Commands.Result onMachine(String... words) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", "one"));
        all.addAll(List.of(words));
        return run(Invocation.of(all).accepting(Program.ANY_STATUS));
    }

    private Commands.Result run(Invocation invocation) {
        return commands.run(network.inside(invocation));
    }
}
