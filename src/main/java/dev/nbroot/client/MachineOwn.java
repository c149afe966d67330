package dev.nbroot.client;

import dev.nbroot.system.tree.EntryPath;
import java.util.regex.Pattern;

/** The files that are one machine's and no other's: nbroot writes them when it makes the machine's view. */
final class MachineOwn {
    private static final Pattern FILES =
            Pattern.compile("etc/(hostname|machine-id|ssh/ssh_host_[a-z0-9]+_key(\\.pub)?)");

    private MachineOwn() {}

    /** {@return whether a path is one of theirs; {@code /etc/hosts} is not: people write into it, too} */
    static boolean has(EntryPath path) {
        return FILES.matcher(path.bytes()).matches();
    }
}
