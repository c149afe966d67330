package dev.nbroot.system;

import java.nio.file.Path;

/** Lets two paths change places in one step, so that at every instant each of them names one of the two. */
public interface PathExchange {
    /**
     * Exchanges two directories or files of one file system (renameat2(2), RENAME_EXCHANGE). It is on disk when this
     * returns.
     *
     * @throws dev.nbroot.report.Failure of kind {@code FAILED} when it cannot be done; then nothing has changed
     */
    void exchange(Path one, Path other);
}
