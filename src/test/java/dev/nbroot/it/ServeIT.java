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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nbroot serve} as a process: how it starts, whom it refuses, and how it ends. */
class ServeIT {
    @TempDir
    private Path scratch;

    private final Commands commands = new LinuxCommands(Events.none());

    @BeforeEach
    void needs() {
        Needs.root();
        Needs.programs("ip", "unshare", "nfs-ls", "curl");
    }

    @Test
    void aTakenPortIsAStatusAndANameAndNothingStaysBound() throws Exception {
        Program nbroot = new Program(commands, Files.createDirectory(scratch.resolve("state")), scratch);
        try (Namespaces.Namespace network = new LinuxNamespaces().openWithNetwork();
                ServeProcess first = serve(nbroot, network, "--address", "127.0.0.1")) {
            Commands.Result second = commands.run(network.inside(
                    nbroot.invocation("serve", "--address", "127.0.0.1").accepting(Program.ANY_STATUS)));

            assertThat(second.status()).isEqualTo(4);
            assertThat(first.terminate()).isZero();
            try (ServeProcess again = serve(nbroot, network, "--address", "127.0.0.1")) {
                assertThat(again.terminate()).isZero();
            }
        }
    }

    @Test
    void itServesTheTreeAndRefusesWhatIsNotExported() throws Exception {
        Program nbroot = new Program(commands, Files.createDirectory(scratch.resolve("state")), scratch);
        Path tree = Files.createDirectories(scratch.resolve("tree"));
        Files.writeString(tree.resolve("hello"), "hello\n");
        try (Namespaces.Namespace network = new LinuxNamespaces().openWithNetwork();
                ServeProcess serve = serve(
                        nbroot, network, "--address", "127.0.0.1", "--tftp", tree.toString(), "--tftp-port", "6969")) {
            assertThat(commands.run(network.inside(Invocation.of("curl", "-s", "tftp://127.0.0.1:6969/hello")))
                            .text())
                    .isEqualTo("hello");
            Commands.Result refused = commands.run(network.inside(
                    Invocation.of("nfs-ls", "nfs://127.0.0.1/etc").accepting(Program.ANY_STATUS)));

            assertThat(refused.status()).isNotZero();
            serve.await("the transfer", line -> line.matches("127.0.0.1 tftp hello: done .*bytes=6.*"), 5000);
            serve.await(
                    "the refusal",
                    line -> line.contains("mount /etc: refused: it is not exported; this machine may mount nothing"),
                    5000);
        }
    }

    @Test
    void itSpeaksTftpAsNetworksAndFirmwareNeedIt() throws Exception {
        Program nbroot = new Program(commands, Files.createDirectory(scratch.resolve("state")), scratch);
        Path tree = Files.createDirectories(scratch.resolve("tree"));
        Files.writeString(tree.resolve("hello"), "hello\n");
        String[] words = {"--address", "127.0.0.1", "--tftp", tree.toString(), "--tftp-port", "6969"};
        String[] choices = {"--tftp-ports", "47310-47319", "--tftp-max-blksize", "1024", "--tftp-ignore-case"};
        try (Namespaces.Namespace network = new LinuxNamespaces().openWithNetwork();
                ServeProcess serve = serve(
                        nbroot,
                        network,
                        Stream.concat(Stream.of(words), Stream.of(choices)).toArray(String[]::new))) {
            Invocation curl = Invocation.of("curl", "-s", "--tftp-blksize", "8192", "tftp://127.0.0.1:6969/HELLO");
            assertThat(commands.run(network.inside(curl)).text()).isEqualTo("hello");

            serve.await(
                    "the transfer",
                    line -> line.matches("127.0.0.1 tftp HELLO: done .*blksize=1024 .*served=hello.*"),
                    5000);
        }
    }

    @Test
    void itIsKilledWithoutATrace() throws Exception {
        HostSnapshot before = HostSnapshot.take();
        Program nbroot = new Program(commands, Files.createDirectory(scratch.resolve("state")), scratch);
        try (Namespaces.Namespace network = new LinuxNamespaces().openWithNetwork()) {
            try (ServeProcess serve = serve(nbroot, network, "--address", "127.0.0.1")) {
                commands.run(Invocation.of("pkill", "-KILL", "-P", Long.toString(serve.pid())));
                assertThat(serve.lines()).contains("ready");
            }
        }
        before.assertNothingLeft();
    }

    private ServeProcess serve(Program nbroot, Namespaces.Namespace network, String... words)
            throws InterruptedException {
        List<String> all = new ArrayList<>(List.of("serve"));
        all.addAll(List.of(words));
        return new ServeProcess(commands, network.inside(nbroot.invocation(all.toArray(String[]::new))));
    }
}
