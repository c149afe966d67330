package dev.nbroot.system.linux;

import com.sun.jna.Native;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.PathExchange;
import java.io.IOException;
import java.nio.file.Path;

/** {@link PathExchange} by renameat2(2), called by number like the other calls that older C libraries lack. */
public final class LinuxPathExchange implements PathExchange {
    private static final long RENAMEAT2_ON_ARM = 276;
    private static final long RENAMEAT2 = 316;
    private static final long WORKING_DIRECTORY = -100;
    private static final long RENAME_EXCHANGE = 2;

    @Override
    public void exchange(Path one, Path other) {
        long number = System.getProperty("os.arch").equals("aarch64") ? RENAMEAT2_ON_ARM : RENAMEAT2;
        long result = KernelCalls.syscall(
                number, WORKING_DIRECTORY, one.toString(), WORKING_DIRECTORY, other.toString(), RENAME_EXCHANGE);
        if (result < 0) {
            throw Failure.of(
                    FailureKind.FAILED,
                    "cannot let " + one + " and " + other + " change places: "
                            + KernelCalls.strerror(Native.getLastError()),
                    "the state directory must be on a file system that can do it (ext4, xfs, btrfs)");
        }
        try {
            AtomicFile.sync(one.getParent());
            AtomicFile.sync(other.getParent());
        } catch (IOException e) {
            throw Failure.io("write to disk", one.getParent(), e);
        }
    }
}
