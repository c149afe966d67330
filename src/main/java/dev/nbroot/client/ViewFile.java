package dev.nbroot.client;

import dev.nbroot.system.PosixFiles;
import java.nio.file.Path;

/** A regular file of a machine's view, held: whatever the machine puts under its name now, this stays what was found. */
public final class ViewFile implements AutoCloseable {
    private final PosixFiles posix;
    private final int descriptor;
    private final String stamp;

    ViewFile(PosixFiles posix, int descriptor, String stamp) {
        this.posix = posix;
        this.descriptor = descriptor;
        this.stamp = stamp;
    }

    /** {@return a path by which this process opens the file itself, not its name} */
    public Path path() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    /** {@return what is another text when the file is another one or was changed} */
    public String stamp() {
        return stamp;
    }

    @Override
    public void close() {
        posix.close(descriptor);
    }
}
