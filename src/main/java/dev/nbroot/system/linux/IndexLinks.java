package dev.nbroot.system.linux;

import dev.nbroot.system.PosixFiles;
import dev.nbroot.system.tree.OverlayIndexName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Counts the links of what was changed in an overlay.
 *
 * <p>A changed file of the lower layer has a link more than names: that of the overlay's index. overlayfs takes it off
 * while it remembers the file, and forgets to when it has to look it up anew, in an overlay made anew or when memory was
 * short: a file with one name says then that it has two links (fs/overlayfs/inode.c, {@code ovl_get_nlink}, for lower
 * files with one link). Programs mind: cron does not read such a crontab, logrotate does not rotate such a log.
 *
 * <p>One case stays wrong, with one link too few: a second name given by file handle alone, see {@link HiddenCopies}, to
 * a file that was not changed by its first name yet.
 */
final class IndexLinks {
    private static final int STATX_BYTES = 256;
    private static final int STATX_LINKS = 16;

    private final LinuxPosixFiles posix = new LinuxPosixFiles();
    private final ByteBuffer memory = ByteBuffer.allocateDirect(STATX_BYTES + 2 * OverlayIndexName.MOST_BYTES + 1)
            .order(ByteOrder.nativeOrder());
    private final long address = posix.address(memory);
    private int index;

    /**
     * Opens an overlay's index.
     *
     * @throws IOException when it has none
     */
    IndexLinks(Path directory) throws IOException {
        byte[] path = directory.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer name = ByteBuffer.allocateDirect(path.length + 1).put(0, path);
        index = posix.open(PosixFiles.NO_DIRECTORY, posix.address(name), PosixFiles.READ | PosixFiles.DIRECTORY, 0);
        if (index < 0) {
            throw new IOException("cannot open " + directory + ": " + posix.reason(-index));
        }
    }

    /** {@return the count, see Overlays.View#links} */
    synchronized int of(int type, byte[] handle, int shown) {
        OverlayIndexName name = OverlayIndexName.ofHandle(type, handle);
        if (name == null || index < 0) {
            return shown;
        }
        name.write(memory, STATX_BYTES);
        if (posix.statxAt(index, address + STATX_BYTES, address) < 0) {
            // It was not changed, and the kernel counts the lower layer's links.
            return shown;
        }
        int withIndex = memory.getInt(STATX_LINKS);
        return shown == withIndex && originalLinks(name) == 1 ? withIndex - 1 : shown;
    }

    private int originalLinks(OverlayIndexName name) {
        name.writeOriginal(memory, STATX_BYTES);
        int original = posix.openByHandle(index, address + STATX_BYTES, PosixFiles.PLACE);
        if (original < 0) {
            return 0;
        }
        int result = posix.statx(original, address);
        posix.close(original);
        return result < 0 ? 0 : memory.getInt(STATX_LINKS);
    }

    synchronized void close() {
        if (index >= 0) {
            posix.close(index);
            index = -1;
        }
    }
}
