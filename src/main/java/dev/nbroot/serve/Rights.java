package dev.nbroot.serve;

import dev.nbroot.nfs.export.Squash;

/**
 * What a rule allows.
 *
 * @param writable whether to write too
 * @param squash whose identity is taken away
 * @param reservedPort whether calls must come from a port below 1024, which only root can use on a Unix machine
 * @param durable whether changes of names and attributes are on disk before they are answered
 */
public record Rights(boolean writable, Squash squash, boolean reservedPort, boolean durable) {
    /** What a machine needs of a root: to read it, as whoever it is. */
    static final Rights TO_BOOT = new Rights(false, Squash.NONE, false, false);
    /** What a machine needs of its own view. */
    static final Rights OWNER = new Rights(true, Squash.NONE, false, false);
}
