package dev.nbroot.nfs.export;

/** Corrects the counts of links that a file system gives of objects with several. */
@FunctionalInterface
public interface LinkCounts {
    /**
     * {@return how many links an object has} Called by many threads, which act as root meanwhile.
     *
     * @param type the type of its file handle (name_to_handle_at(2), handle_type)
     * @param handle its file handle (f_handle)
     * @param shown what stat(2) says, 2 or more
     */
    int of(int type, byte[] handle, int shown);
}
