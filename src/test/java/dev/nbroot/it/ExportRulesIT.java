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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Export rules for real: two machines with cards and addresses of their own, and libnfs' programs on them. */
class ExportRulesIT {
    private static final String SERVER = "192.168.7.1";
    private static final String ONE = "52:54:00:00:00:0a";
    private static final String TWO = "52:54:00:00:00:0b";

    /** A bridge with the server's address, and a network namespace on it for each machine; /run is our own. */
    private static final String SET_UP = """
            set -e
            mount -t tmpfs tmpfs /run
            ip link add br0 type bridge
            ip address add 192.168.7.1/24 dev br0
            ip link set br0 up
            machine() {
                ip netns add "$1"
                ip link add "to-$1" master br0 type veth peer name eth0 address "$2" netns "$1"
                ip link set "to-$1" up
                ip -n "$1" address add "$3/24" dev eth0
                ip -n "$1" link set eth0 up
            }
            machine one 52:54:00:00:00:0a 192.168.7.2
            machine two 52:54:00:00:00:0b 192.168.7.3
            """;

    private final Commands commands = new LinuxCommands(Events.none());
    private Path top;
    private Path shared;
    private Path owned;
    private Path fresh;
    private Namespaces.Namespace network;

    @BeforeEach
    void needs() throws IOException {
        Needs.root();
        Needs.programs("ip", "unshare", "nfs-ls", "nfs-cat", "nfs-cp");
        top = Files.createTempDirectory(Path.of("/var/tmp"), "nbroot-rules-").toRealPath();
        shared = everybodys("shared");
        owned = everybodys("owned");
        Files.writeString(shared.resolve("hello"), "hello\n");
        fresh = Files.writeString(top.resolve("fresh"), "fresh\n");
        network = new LinuxNamespaces().openWithNetwork();
        run(Invocation.of("sh", "-c", SET_UP));
    }

    private Path everybodys(String name) throws IOException {
        Path directory = Files.createDirectory(top.resolve(name));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        return directory;
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
    void eachMachineMayDoWhatItsRulesSay() throws Exception {
        SampleState state = new SampleState(top.resolve("state"));
        String root = state.publish("bookworm").tree().toString();
        Program nbroot = new Program(commands, state.directory().path(), top);
        String view = nbroot.run("clone", "bookworm", "--mac", ONE, "--hostname", "node1")
                .get(0);
        String[] words = {
            "serve",
            "--address",
            SERVER,
            "--export",
            "bookworm=192.168.7.2",
            "--export",
            shared + "=192.168.7.0/24",
            "--export",
            shared + "=" + TWO + ",rw",
            "--export",
            owned + "=192.168.7.2,rw,all_squash,anonuid=1000,anongid=1001"
        };
        try (ServeProcess serve = new ServeProcess(commands, network.inside(nbroot.invocation(words)))) {
            assertThat(on("one", "nfs-ls", url(root + "/etc")).status()).isZero();
            assertThat(on("two", "nfs-ls", url(root)).status()).isNotZero();
            serve.await(
                    "the refusal",
                    line -> line.equals("192.168.7.3 (" + TWO + ") mount " + root + ": refused: it is for"
                            + " 192.168.7.2 (ro) by --export bookworm=192.168.7.2; to let this machine in add"
                            + " 192.168.7.3 to the rule"),
                    5000);

            assertThat(on("one", "nfs-cat", url(shared + "/hello")).text()).isEqualTo("hello");
            assertThat(on("one", "nfs-cp", fresh.toString(), url(shared + "/no"))
                            .status())
                    .isNotZero();
            assertThat(shared.resolve("no")).doesNotExist();
            assertThat(on("two", "nfs-cp", fresh.toString(), url(shared + "/yes"))
                            .status())
                    .isZero();
            assertThat(owner(shared.resolve("yes"))).isEqualTo("65534:65534");

            assertThat(on("one", "nfs-cp", fresh.toString(), url(owned + "/mine"))
                            .status())
                    .isZero();
            assertThat(owner(owned.resolve("mine"))).isEqualTo("1000:1001");
            assertThat(on("two", "nfs-ls", url(owned.toString())).status()).isNotZero();

            assertThat(on("one", "nfs-cp", fresh.toString(), url(view + "/etc/fresh"))
                            .status())
                    .isZero();
            assertThat(on("one", "nfs-cat", url(view + "/etc/fresh")).text()).isEqualTo("fresh");
            assertThat(on("two", "nfs-ls", url(view)).status()).isNotZero();
            serve.await("the card", line -> line.contains("(node1), but the caller has " + TWO), 5000);
            run(Invocation.of("nfs-ls", url(view)).accepting(Program.ANY_STATUS));
            serve.await("no card", line -> line.contains("but the caller's card is not known"), 5000);
            assertThat(serve.lines())
                    .contains("192.168.7.2 (" + ONE + " node1) mount " + view + "/etc: done [access=rw]");
            assertThat(serve.terminate()).isZero();
        }
    }

    private static String owner(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid") + ":" + Files.getAttribute(file, "unix:gid");
    }

    private static String url(String path) {
        return "nfs://" + SERVER + path;
    }

    private Commands.Result on(String machine, String... words) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", machine));
        all.addAll(List.of(words));
        return run(Invocation.of(all).accepting(Program.ANY_STATUS));
    }

    private Commands.Result run(Invocation invocation) {
        return commands.run(network.inside(invocation));
    }
}
