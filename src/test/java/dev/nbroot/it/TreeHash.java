package dev.nbroot.it;

import dev.nbroot.report.Events;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.linux.LinuxCommands;
import java.nio.file.Path;

/** Everything there is in a tree as one value: names, types, modes, owners, xattrs, contents and mtimes. */
public final class TreeHash {
    private TreeHash() {}

    /** {@return the hash of a tree} */
    public static String of(Path tree) {
        return new LinuxCommands(Events.none())
                .run(Invocation.of(
                        "sh",
                        "-c",
                        "tar --create --sort=name --numeric-owner --format=posix --xattrs --xattrs-include='*'"
                                + " --pax-option=exthdr.name=%d/%f,delete=atime,delete=ctime --directory \"$1\" ."
                                + " | sha256sum",
                        "sh",
                        tree.toString()))
                .text();
    }
}
