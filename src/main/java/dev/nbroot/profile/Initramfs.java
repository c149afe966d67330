package dev.nbroot.profile;

import java.util.List;

/**
 * How the initrd is made.
 *
 * <pre>{@code
 * initramfs:
 *   generator: auto            # the suite's own; or initramfs-tools, dracut
 *   modules: netboot           # or most: disk drivers too
 *   compress: zstd             # or gzip, xz, lz4
 *   extra_modules: [i40e]
 * }</pre>
 *
 * @param generator which program makes it
 * @param modules which drivers it holds
 * @param compress how it is packed
 * @param extraModules kernel modules to add by name
 */
public record Initramfs(Generator generator, Modules modules, Compress compress, List<String> extraModules) {

    /** Copies the list. */
    public Initramfs {
        extraModules = List.copyOf(extraModules);
    }

    /** Which program makes the initrd. */
    public enum Generator {
        /** The suite's own. */
        AUTO("auto"),
        /** initramfs-tools(7). */
        INITRAMFS_TOOLS("initramfs-tools"),
        /** dracut(8). */
        DRACUT("dracut");

        private final String word;

        Generator(String word) {
            this.word = word;
        }

        /** {@return the word used in a profile} */
        public String word() {
            return word;
        }
    }

    /** Which drivers the initrd holds (initramfs.conf(5), {@code MODULES}). */
    public enum Modules {
        /** Network cards and network file systems. */
        NETBOOT("netboot"),
        /** Disks too. */
        MOST("most");

        private final String word;

        Modules(String word) {
            this.word = word;
        }

        /** {@return the word used in a profile} */
        public String word() {
            return word;
        }
    }

    /** How the initrd is packed; the words are the programs' names. */
    public enum Compress {
        /** Fast to unpack, small. */
        ZSTD("zstd"),
        /** What every kernel can unpack. */
        GZIP("gzip"),
        /** Smallest, slow. */
        XZ("xz"),
        /** Fastest to unpack, large. */
        LZ4("lz4");

        private final String word;

        Compress(String word) {
            this.word = word;
        }

        /** {@return the word used in a profile} */
        public String word() {
            return word;
        }
    }
}
