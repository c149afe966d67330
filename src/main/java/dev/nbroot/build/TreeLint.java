package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.system.TreePath;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds in a tree what a finished root must not have.
 *
 * @param proxy the address that must not be in its apt settings
 */
record TreeLint(Optional<String> proxy) {
    private static final int PERMISSIONS = 07777;

    /** {@return what is wrong, a phrase each; empty when all is well} */
    List<String> problems(Path tree) {
        List<String> problems = new ArrayList<>();
        try {
            Map<String, Object> top = Files.readAttributes(tree, "unix:uid,gid,mode");
            int mode = (Integer) top.get("mode") & PERMISSIONS;
            if (!top.get("uid").equals(0) || !top.get("gid").equals(0) || mode != 0755) {
                problems.add("/ is " + top.get("uid") + ":" + top.get("gid") + " " + Integer.toOctalString(mode)
                        + ", not 0:0 755");
            }
            Path machineId = tree.resolve("etc/machine-id");
            if (!Files.isRegularFile(machineId, LinkOption.NOFOLLOW_LINKS) || Files.size(machineId) != 0) {
                problems.add("/etc/machine-id is not an empty file");
            }
            for (Leftovers.Leftover leftover : Leftovers.ALL) {
                leftover.in(tree)
                        .forEach(file -> problems.add(
                                leftover.directory() + "/" + file.getFileName() + ": " + leftover.reason()));
            }
            divertedDaemon(tree, problems);
            nameService(tree, problems);
            rootInFstab(tree, problems);
            proxies(tree, problems);
        } catch (IOException e) {
            throw Failure.io("check", tree, e);
        }
        return problems;
    }

    private static void divertedDaemon(Path tree, List<String> problems) throws IOException {
        for (String directory : List.of("/sbin", "/usr/sbin")) {
            if (Files.exists(TreePath.resolve(tree, Path.of(directory)).resolve("start-stop-daemon.REAL"))) {
                problems.add(directory + "/start-stop-daemon is still diverted");
                return;
            }
        }
        Path diversions = tree.resolve("var/lib/dpkg/diversions");
        if (Files.exists(diversions) && Files.readString(diversions).contains("start-stop-daemon.REAL")) {
            problems.add("dpkg still knows of a diverted start-stop-daemon");
        }
    }

    private static void nameService(Path tree, List<String> problems) throws IOException {
        Path own = tree.resolve("etc/resolv.conf");
        Path hosts = Path.of("/etc/resolv.conf");
        if (Files.isRegularFile(own, LinkOption.NOFOLLOW_LINKS)
                && Files.isReadable(hosts)
                && Files.mismatch(own, hosts) == -1
                && Files.size(own) > 0) {
            problems.add("/etc/resolv.conf is this host's");
        }
    }

    private static void rootInFstab(Path tree, List<String> problems) throws IOException {
        Path fstab = tree.resolve("etc/fstab");
        if (Files.exists(fstab)
                && Files.readAllLines(fstab).stream().anyMatch(line -> line.matches("[^#\\s]\\S*\\s+/\\s.*"))) {
            problems.add("/etc/fstab has an entry for /, which would be mounted again at boot and fail over NFS");
        }
    }

    private void proxies(Path tree, List<String> problems) throws IOException {
        Path parts = tree.resolve("etc/apt/apt.conf.d");
        if (proxy.isEmpty() || !Files.isDirectory(parts)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(parts)) {
            for (Path file : files) {
                if (Files.isRegularFile(file) && Files.readString(file).contains(proxy.get())) {
                    problems.add("/etc/apt/apt.conf.d/" + file.getFileName() + " has the proxy of the build");
                }
            }
        }
    }
}
