package dev.nbroot.system;

import dev.nbroot.report.Failure;
import java.nio.file.Path;
import java.util.List;

/**
 * Kernel overlay file systems that are mounted nowhere: an open descriptor is all that keeps one alive, so that none is
 * left behind at a {@code kill -9} (fsmount(2)).
 */
public interface Overlays {

    /**
     * Opens an overlay with {@code index=on,nfs_export=on}, so that its file handles outlive this process
     * (kernel Documentation/filesystems/overlayfs.rst, "NFS export").
     *
     * @param lowers the read-only layers, uppermost first; all on the file system of {@code upper}
     * @param upper takes what is written; must be used by one overlay at a time
     * @param work an empty directory on the file system of {@code upper}
     * @throws Failure of kind {@code LOCKED} when the kernel says the upper is in use, {@code FAILED} otherwise
     */
    View open(List<Path> lowers, Path upper, Path work);

    /** An open overlay. */
    interface View extends AutoCloseable {
        /** {@return the path by which this process reaches the view's root directory, {@code /proc/self/fd/N}} */
        Path path();

        /**
         * {@return how many links an object has that is no directory} overlayfs itself says one too many of what was
         * changed.
         *
         * @param handleType the type of its file handle (name_to_handle_at(2), handle_type)
         * @param handle its file handle (f_handle)
         * @param shown what stat(2) says, 2 or more
         */
        int links(int handleType, byte[] handle, int shown);

        @Override
        void close();
    }
}
