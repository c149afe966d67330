package dev.nbroot.system.linux;

import com.sun.jna.Native;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * {@link Overlays} by the kernel's new mount interface (fsopen(2), fsconfig(2), fsmount(2); Linux 5.2), called by
 * number because the C library of Debian 12's floor has no wrappers that JNA could rely on.
 */
public final class LinuxOverlays implements Overlays {
    private static final long FSOPEN = 430;
    private static final long FSCONFIG = 431;
    private static final long FSMOUNT = 432;
    private static final long CLOEXEC = 1;
    private static final long SET_STRING = 1;
    private static final long CREATE = 6;
    private static final int O_RDONLY_DIRECTORY_CLOEXEC = 0x10000 | 0x80000;
    private static final int EBUSY = 16;
    private static final int TRIES = 6;
    private static final long PAUSE_NANOS = 20_000_000;
    private static final int EPERM = 1;

    @Override
    public View open(List<Path> lowers, Path upper, Path work) {
        try {
            HiddenCopies copies = new HiddenCopies(lowers, upper, work);
            boolean guarded = copies.areThere();
            if (guarded) {
                protect(copies, lowers, upper, work);
            }
            LinuxView view = guarded ? mountBehindGuard(lowers, upper, work) : mount(lowers, upper, work);
            copies.connect(view.path());
            return view;
        } catch (IOException e) {
            throw Failure.io("look for what was written to the overlay over", upper, e);
        }
    }

    /**
     * Protects them while the kernel gives the upper layer to nobody else.
     *
     * <p>Who has it is the kernel's secret, and trying is the only question. But an overlay with the layers' own work
     * directory would throw away on the spot what is to be protected. So the one that holds the upper layer meanwhile gets
     * a work directory, and with it an index, of its own; in that nothing is ever written.
     */
    private static void protect(HiddenCopies copies, List<Path> lowers, Path upper, Path work) throws IOException {
        String name = work.getFileName() + ".guard-";
        Path empty = Files.createTempDirectory(work.getParent(), name);
        try {
            int holding = make(lowers, upper, empty);
            try {
                // Of processes that were killed: as long as this one holds the layer, no other is at it.
                try (DirectoryStream<Path> left = Files.newDirectoryStream(work.getParent(), name + "*")) {
                    for (Path one : left) {
                        if (!one.equals(empty)) {
                            TreeRemoval.remove(one);
                        }
                    }
                }
                copies.protect();
            } finally {
                KernelCalls.close(holding);
            }
        } finally {
            TreeRemoval.remove(empty);
        }
    }

    /**
     * The guard is let go of, but the kernel may have it for a moment more: a thread that starts a program just then has its
     * descriptor until that program runs.
     */
    private static LinuxView mountBehindGuard(List<Path> lowers, Path upper, Path work) throws IOException {
        for (int i = 1; i < TRIES; i++) {
            try {
                return mount(lowers, upper, work);
            } catch (Failure failure) {
                if (failure.kind() != FailureKind.LOCKED) {
                    throw failure;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return mount(lowers, upper, work);
    }

    private static LinuxView mount(List<Path> lowers, Path upper, Path work) throws IOException {
        int context = make(lowers, upper, work);
        try {
            int detached = number(KernelCalls.syscall(FSMOUNT, context, CLOEXEC, 0L), context(upper), "fsmount");
            try {
                // fsmount(2) gives an O_PATH descriptor, which open_by_handle_at(2) does not take.
                int root =
                        number(KernelCalls.openat(detached, ".", O_RDONLY_DIRECTORY_CLOEXEC), context(upper), "openat");
                return new LinuxView(root, work.resolve("index"));
            } finally {
                KernelCalls.close(detached);
            }
        } finally {
            KernelCalls.close(context);
        }
    }

    /** {@return a descriptor of an overlay that is mounted nowhere yet, and holds its layers until it is closed} */
    private static int make(List<Path> lowers, Path upper, Path work) {
        int context = number(KernelCalls.syscall(FSOPEN, "overlay", CLOEXEC), context(upper), "fsopen");
        boolean made = false;
        try {
            set(context, "source", "overlay", upper);
            set(
                    context,
                    "lowerdir",
                    lowers.stream().map(LinuxOverlays::escaped).collect(Collectors.joining(":")),
                    upper);
            set(context, "upperdir", escaped(upper), upper);
            set(context, "workdir", escaped(work), upper);
            set(context, "index", "on", upper);
            set(context, "nfs_export", "on", upper);
            // Some kernels' default is to remember renamed directories by their old path; who walks an upper layer must
            // not have to follow that.
            set(context, "redirect_dir", "off", upper);
            number(KernelCalls.syscall(FSCONFIG, context, CREATE, null, null, 0L), context(upper), "fsconfig");
            made = true;
            return context;
        } finally {
            if (!made) {
                KernelCalls.close(context);
            }
        }
    }

    private static void set(int context, String key, String value, Path upper) {
        number(KernelCalls.syscall(FSCONFIG, context, SET_STRING, key, value, 0L), context(upper), "fsconfig " + key);
    }

    /** overlayfs splits lowerdir at colons and options at commas unless they are escaped. */
    private static String escaped(Path path) {
        return path.toString().replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,");
    }

    private static String context(Path upper) {
        return "cannot open the overlay over " + upper;
    }

    private static int number(long result, String doing, String call) {
        if (result >= 0) {
            return Math.toIntExact(result);
        }
        int errno = Native.getLastError();
        if (errno == EBUSY) {
            throw Failure.of(
                    FailureKind.LOCKED,
                    doing + ": it is in use by another overlay",
                    "is another nbroot serving or changing this client?");
        }
        String hint = errno == EPERM
                ? "run nbroot as root"
                : "the state directory must be on a file system with xattrs and d_type (ext4, xfs, btrfs), not on NFS,"
                        + " overlayfs or tmpfs";
        throw Failure.of(FailureKind.FAILED, doing + ": " + call + ": " + KernelCalls.strerror(errno), hint);
    }

    private static final class LinuxView implements View {
        private final IndexLinks links;
        private int descriptor;

        LinuxView(int descriptor, Path index) throws IOException {
            this.descriptor = descriptor;
            try {
                links = new IndexLinks(index);
            } catch (IOException e) {
                KernelCalls.close(descriptor);
                throw e;
            }
        }

        @Override
        public int links(int handleType, byte[] handle, int shown) {
            return links.of(handleType, handle, shown);
        }

        @Override
        public Path path() {
            return Path.of("/proc/self/fd/" + descriptor);
        }

        @Override
        public synchronized void close() {
            if (descriptor >= 0) {
                KernelCalls.close(descriptor);
                links.close();
                descriptor = -1;
            }
        }
    }
}
