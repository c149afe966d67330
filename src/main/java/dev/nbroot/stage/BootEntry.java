package dev.nbroot.stage;

import java.nio.file.Path;
import java.util.List;

/** One thing a machine can boot, free of any boot loader's syntax. */
public sealed interface BootEntry {

    /** {@return the word that chooses it at a boot prompt; no blanks} */
    String label();

    /**
     * A Linux kernel.
     *
     * @param title for people, as in "node1: bookworm/3"
     * @param version of the kernel, as in {@code /lib/modules/VERSION}
     * @param kernel relative to the boot tree
     * @param initrd relative to the boot tree
     * @param words the kernel command line, without what the boot loader itself adds
     */
    record Linux(String label, String title, String version, Path kernel, Path initrd, List<String> words)
            implements BootEntry {
        /** Copies the words. */
        public Linux {
            words = List.copyOf(words);
        }

        /** {@return the words joined by blanks} */
        public String cmdline() {
            return String.join(" ", words);
        }
    }

    /** Gives the machine back to its firmware, which tries the next boot device. */
    record NextDevice(String label) implements BootEntry {}
}
