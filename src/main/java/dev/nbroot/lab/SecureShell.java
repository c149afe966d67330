package dev.nbroot.lab;

import dev.nbroot.report.Failure;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Logs in to the machines of a lab with OpenSSH's client, as foreign to nbroot as a user's. */
public final class SecureShell {
    private static final int CONNECTION_FAILED = 255;

    private final Commands commands;
    private final Namespaces.Namespace namespace;
    private final Path privateKey;
    private final Path knownHosts;

    private SecureShell(Commands commands, Namespaces.Namespace namespace, Path privateKey, Path knownHosts) {
        this.commands = commands;
        this.namespace = namespace;
        this.privateKey = privateKey;
        this.knownHosts = knownHosts;
    }

    static SecureShell withNewKey(Commands commands, Namespaces.Namespace namespace, Path scratch) {
        Path key = scratch.resolve("ssh-key");
        if (!Files.exists(key)) {
            commands.run(Invocation.of(
                    "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "nbroot-test", "-f", key.toString()));
        }
        return new SecureShell(commands, namespace, key, scratch.resolve("known_hosts"));
    }

    /** {@return the same shell with another private key} */
    public SecureShell withKey(Path otherPrivateKey) {
        return new SecureShell(commands, namespace, otherPrivateKey, knownHosts);
    }

    /** {@return the line for {@code authorized_keys}} */
    public String publicKey() {
        Path file = Path.of(privateKey + ".pub");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw Failure.io("read the public key", file, e);
        }
    }

    /**
     * Runs a command on a machine.
     *
     * @param login as in {@code root@10.0.0.7}
     * @return its status and output; status 255 is what ssh(1) gives when it cannot connect or log in
     */
    public Commands.Result run(String login, String command) {
        return run(login, command, Duration.ofMinutes(5));
    }

    /** As {@link #run(String, String)}, with another deadline. */
    public Commands.Result run(String login, String command, Duration deadline) {
        List<String> argv = new ArrayList<>(List.of(
                "ssh",
                "-i",
                privateKey.toString(),
                "-o",
                "BatchMode=yes",
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "ConnectTimeout=5",
                "-o",
                "ServerAliveInterval=15",
                "-o",
                "LogLevel=ERROR",
                "-o",
                "StrictHostKeyChecking=accept-new",
                "-o",
                "UserKnownHostsFile=" + knownHosts,
                login,
                command));
        Integer[] anyStatus = new Integer[CONNECTION_FAILED + 1];
        for (int status = 0; status < anyStatus.length; status++) {
            anyStatus[status] = status;
        }
        return commands.run(
                namespace.inside(Invocation.of(argv).accepting(anyStatus).within(deadline)));
    }

    /** {@return whether the machine lets us in} */
    public boolean canLogIn(String login) {
        return run(login, "true").status() == 0;
    }
}
