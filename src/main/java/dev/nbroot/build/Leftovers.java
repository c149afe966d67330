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

/** Files that no finished root may have: one table for the step that deletes them and the one that checks. */
final class Leftovers {
    /**
     * A kind of file.
     *
     * @param directory absolute, inside the root
     * @param glob names in it; directories are not matched
     * @param reason why it must not stay
     */
    record Leftover(String directory, String glob, String reason) {
        /** {@return the files of a tree that are of this kind} */
        List<Path> in(Path tree) {
            Path at = TreePath.resolve(tree, Path.of(directory));
            List<Path> found = new ArrayList<>();
            if (!Files.isDirectory(at)) {
                return found;
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(at, glob)) {
                for (Path file : files) {
                    if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                        found.add(file);
                    }
                }
            } catch (IOException e) {
                throw Failure.io("list", at, e);
            }
            return found;
        }
    }

    static final List<Leftover> ALL = List.of(
            new Leftover("/usr/sbin", "policy-rc.d", "it would keep services from starting"),
            new Leftover("/etc/ssh", "ssh_host_*", "host keys must not be shared"),
            new Leftover("/var/lib/nbroot", "scratch.img*", "every machine has its own"),
            new Leftover("/etc/nvme", "host{id,nqn}", "every machine has its own"),
            new Leftover("/var/lib/dbus", "machine-id", "every machine has its own"),
            new Leftover("/var/lib/systemd", "random-seed", "a seed must not be shared"),
            new Leftover("/var/lib/systemd", "credential.secret", "a secret must not be shared"),
            new Leftover("/var/lib/apt/lists", "*", "package lists grow old"),
            new Leftover("/var/cache/apt", "*.bin", "apt makes it anew"),
            new Leftover("/var/cache/apt/archives", "*.deb", "packages are kept in the cache of the state directory"),
            new Leftover("/var/cache/debconf", "*-old", "a backup"),
            new Leftover("/var/cache/ldconfig", "aux-cache", "it names this host's inodes"),
            new Leftover("/var/lib/dpkg", "*-old", "a backup"),
            new Leftover("/etc", "{passwd,group,shadow,gshadow,subuid,subgid}-", "a backup"),
            new Leftover("/etc", ".pwd.lock", "a lock"),
            new Leftover("/etc/apt", "sources.list~", "a backup"),
            new Leftover("/var/log", "{bootstrap,dpkg,alternatives,fontconfig}.log", "a log of the build"),
            new Leftover("/var/log/apt", "*", "a log of the build"),
            new Leftover("/root", ".{bash_history,wget-hsts}", "a trace of the build"));

    private Leftovers() {}
}
