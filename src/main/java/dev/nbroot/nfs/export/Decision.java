package dev.nbroot.nfs.export;

/** What becomes of a MOUNT call. */
public sealed interface Decision {
    /**
     * The caller may mount.
     *
     * @param export the export whose path is the asked one, or lies above it, with the caller's rights
     */
    record Granted(Export export) implements Decision {}

    /**
     * The caller may not.
     *
     * @param status what it is told
     * @param reason why, one sentence for the operator
     */
    record Refused(MountStatus status, String reason) implements Decision {}
}
