package dev.nbroot.profile;

import java.nio.file.Path;
import java.util.List;

/**
 * What some directories of a running machine lie on instead of its NFS root. Programs that run containers lay overlays over
 * their layers, and the kernel takes neither NFS nor another overlay for an overlay's upper directory (kernel,
 * Documentation/filesystems/overlayfs.rst).
 *
 * <pre>{@code
 * scratch: tmpfs                                        # or disk, or image, each with its defaults
 * scratch: {kind: tmpfs, size: 50%}                     # of the machine's memory, or a size as in 2G
 * scratch: {kind: disk, label: nbroot-scratch}          # a local file system; memory where there is none
 * scratch: {kind: image, size: 20G}                     # a sparse file in the client's own view
 * scratch: {kind: disk, directories: [/var/lib/docker]} # default: those of podman, docker and containerd
 * }</pre>
 *
 * @param store what they lie on
 * @param directories absolute, none inside another
 */
public record Scratch(Store store, List<Path> directories) {

    /** Copies the list. */
    public Scratch {
        directories = List.copyOf(directories);
    }

    /** What directories lie on. */
    public sealed interface Store permits Memory, Disk, Image {
        /** {@return the word used in a profile} */
        String word();
    }

    /**
     * The machine's memory: nothing is kept when it is switched off.
     *
     * @param size the most that may be in it; at most 100%
     */
    public record Memory(Size size) implements Store {
        @Override
        public String word() {
            return "tmpfs";
        }
    }

    /**
     * A file system on a disk of the machine.
     *
     * @param label of the file system, or of its partition in a GPT
     */
    public record Disk(String label) implements Store {
        @Override
        public String word() {
            return "disk";
        }
    }

    /**
     * A file with an ext4 file system in it, in a persistent client's view.
     *
     * @param size how large it looks; never a part of memory
     */
    public record Image(Size size) implements Store {
        @Override
        public String word() {
            return "image";
        }
    }
}
