package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Takes out of a machine's tree what makes it that machine and {@link CleanTree} does not know: its name, and what was
 * written under its machine id.
 *
 * @param base the tree that the machine was made of, which has the root's own name
 * @param machineId the machine's
 */
record Anonymous(Path base, String machineId) {
    private static final Path HOSTNAME = Path.of("/etc/hostname");
    private static final Path HOSTS = Path.of("/etc/hosts");
    /** Debian's own line for the machine's name (hosts(5)). */
    private static final String OWN_LINE = "\\s*127\\.0\\.1\\.1\\s.*";

    void perform(BuildSite site) {
        TreeWriter tree = new TreeWriter(site.reachable());
        try {
            Path hostname = base.resolve("etc/hostname");
            if (Files.isRegularFile(hostname, LinkOption.NOFOLLOW_LINKS)) {
                tree.write(HOSTNAME, Files.readAllBytes(hostname), 0644, false);
            } else {
                Files.deleteIfExists(site.file(HOSTNAME.toString()));
            }
            Path hosts = base.resolve("etc/hosts");
            if (Files.isRegularFile(hosts, LinkOption.NOFOLLOW_LINKS)) {
                List<String> of = Files.readAllLines(hosts, StandardCharsets.ISO_8859_1);
                Path own = site.file(HOSTS.toString());
                List<String> now = Files.isRegularFile(own, LinkOption.NOFOLLOW_LINKS)
                        ? Files.readAllLines(own, StandardCharsets.ISO_8859_1)
                        : of;
                if (others(of).equals(others(now))) {
                    tree.write(HOSTS, Files.readAllBytes(hosts), 0644, false);
                } else {
                    byte[] text = (String.join("\n", others(now)) + "\n").getBytes(StandardCharsets.ISO_8859_1);
                    tree.write(HOSTS, text, 0644, false);
                }
            }
        } catch (IOException e) {
            throw Failure.io("take the machine's name out of", site.tree(), e);
        }
        site.chroot(Invocation.of("rm", "-rf", "/var/log/journal/" + machineId));
    }

    private static List<String> others(List<String> hosts) {
        return hosts.stream().filter(line -> !line.matches(OWN_LINE)).toList();
    }
}
