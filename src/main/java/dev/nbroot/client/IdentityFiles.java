package dev.nbroot.client;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Writes a machine's identity into its tree. Paths stay inside whatever links the tree has. */
public final class IdentityFiles {
    private static final String PUBLIC = "rw-r--r--";
    private static final String SECRET = "rw-------";
    private static final String CONSTANT = "r--r--r--";
    /** Debian's own address for the machine's name, where no fixed one is known (hosts(5)). */
    private static final String OWN_ADDRESS = "127.0.1.1";

    private static final Path HOSTS = Path.of("/etc/hosts");

    private static final Pattern OWN_LINE = Pattern.compile("\\s*127\\.0\\.1\\.1\\s.*");

    private final Path tree;

    /** Writes below one directory, which is a machine's {@code /}. */
    public IdentityFiles(Path tree) {
        this.tree = tree;
    }

    /** {@return whether the tree has a place for SSH host keys} */
    public boolean hasSsh() {
        return Files.isDirectory(resolve("/etc/ssh"));
    }

    /** Writes all of it. */
    void write(ClientRecord client, List<HostKey> keys) {
        writeName(new Hostname(client.hostname()));
        writeMachineId(client.machineId());
        writeHostKeys(keys);
    }

    /** Writes {@code /etc/hostname} and the machine's own line in {@code /etc/hosts}. */
    public void writeName(Hostname name) {
        AtomicFile.write(resolve("/etc/hostname"), name.text() + "\n", PUBLIC);
        Path hosts = resolve(HOSTS.toString());
        AtomicFile.write(hosts, withName(lines(hosts), name).getBytes(StandardCharsets.ISO_8859_1), PUBLIC);
    }

    /** Writes {@code /etc/machine-id}. */
    public void writeMachineId(String id) {
        AtomicFile.write(resolve("/etc/machine-id"), id + "\n", CONSTANT);
    }

    /** Writes {@code /etc/ssh/ssh_host_TYPE_key} and its public half. */
    public void writeHostKeys(List<HostKey> keys) {
        for (HostKey key : keys) {
            String name = "/etc/ssh/ssh_host_" + key.type() + "_key";
            AtomicFile.write(resolve(name), key.privateKey(), SECRET);
            AtomicFile.write(resolve(name + ".pub"), key.publicKey(), PUBLIC);
        }
    }

    /** {@return the SSH host keys that the tree has} */
    public List<HostKey> hostKeys() {
        Path directory = resolve("/etc/ssh");
        List<HostKey> keys = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return keys;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "ssh_host_*_key")) {
            for (Path file : files) {
                Path publicFile = file.resolveSibling(file.getFileName() + ".pub");
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && Files.isRegularFile(publicFile, LinkOption.NOFOLLOW_LINKS)) {
                    String type = file.getFileName().toString().replaceAll("^ssh_host_|_key$", "");
                    String publicKey = Files.readString(publicFile);
                    keys.add(new HostKey(type, fingerprint(publicFile, publicKey), Files.readString(file), publicKey));
                }
            }
        } catch (IOException e) {
            throw Failure.io("read the SSH host keys in", directory, e);
        }
        keys.sort(HostKeys.ORDER);
        return keys;
    }

    /** It is the machine's text. */
    private static String fingerprint(Path file, String publicKey) {
        try {
            return HostKeys.fingerprint(publicKey);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw Failure.of(
                    FailureKind.FAILED,
                    file + " is no SSH public key",
                    "on the machine: ssh-keygen -y -f its other half");
        }
    }

    /** {@return whether the tree's hosts file is what {@link #writeName} makes of another tree's, and no more} */
    boolean hasHostsOf(Path base, Hostname name) {
        String written = withName(lines(TreePath.resolve(base, HOSTS)), name);
        return (String.join("\n", lines(resolve(HOSTS.toString()))) + "\n").equals(written);
    }

    /** {@return the lines with the machine's own one after those of the loopback address} */
    static String withName(List<String> lines, Hostname name) {
        List<String> result = new ArrayList<>(lines);
        result.removeIf(line -> OWN_LINE.matcher(line).matches());
        if (result.stream().noneMatch(line -> line.startsWith("127.0.0.1"))) {
            result.add(0, "127.0.0.1\tlocalhost");
        }
        int loopback = 0;
        for (int i = 0; i < result.size(); i++) {
            loopback = result.get(i).startsWith("127.0.0.1") ? i : loopback;
        }
        String alias = name.shortName().equals(name.text()) ? "" : " " + name.shortName();
        result.add(loopback + 1, OWN_ADDRESS + "\t" + name.text() + alias);
        return String.join("\n", result) + "\n";
    }

    private Path resolve(String inside) {
        return TreePath.resolve(tree, Path.of(inside));
    }

    private static List<String> lines(Path file) {
        try {
            // What a machine deleted is a device in its upper layer; and its text may be in any encoding.
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? Files.readAllLines(file, StandardCharsets.ISO_8859_1)
                    : List.of();
        } catch (IOException e) {
            throw Failure.io("read", file, e);
        }
    }
}
