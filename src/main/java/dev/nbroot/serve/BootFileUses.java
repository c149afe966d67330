package dev.nbroot.serve;

import dev.nbroot.state.Generation;
import dev.nbroot.state.StateDirectory;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells by the kernels and initrds that machines fetch what they are about to boot: they have not mounted it yet. */
final class BootFileUses {
    private static final Pattern BOOT_FILE =
            Pattern.compile("nbroot/([^/]+)/([1-9][0-9]{0,8})/(vmlinuz|initrd|root[.]squashfs)");

    private final StateDirectory state;
    private final Machines machines;
    private final UseLog uses;

    BootFileUses(StateDirectory state, Machines machines, UseLog uses) {
        this.state = state;
        this.machines = machines;
        this.uses = uses;
    }

    /**
     * Notes that a machine has fetched a file, or a part of it.
     *
     * @param file below the boot tree's top
     */
    void fetched(InetAddress who, String file) {
        Matcher parts = BOOT_FILE.matcher(file);
        if (parts.matches()) {
            Generation generation = state.generation(parts.group(1), Integer.parseInt(parts.group(2)));
            // The tree may be another state's, or have what is long gone.
            if (Files.isDirectory(generation.directory())) {
                uses.note(who, () -> machines.card(who), generation);
            }
        }
    }
}
