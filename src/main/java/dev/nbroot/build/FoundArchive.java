package dev.nbroot.build;

/**
 * A suite that a mirror has.
 *
 * @param uri the archive, without slashes at its end
 * @param suite as in an apt source
 * @param state tells one state of the suite from another: the SHA-256 of its InRelease file, which names the hash of
 *     every list; empty when it has none or it has expired, so that nothing is known about it without looking
 */
record FoundArchive(String uri, String suite, String state) {}
