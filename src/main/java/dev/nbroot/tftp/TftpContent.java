package dev.nbroot.tftp;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What is sent for one request. Used by the server's thread only, and closed by it when the transfer ends. */
public interface TftpContent extends Closeable {
    /** {@return the size in bytes; must not change while the content is open} */
    long size();

    /**
     * Reads some bytes, as {@link java.nio.channels.FileChannel#read(ByteBuffer, long)} does.
     *
     * @param target where to put them; has room for at least one
     * @param position 0 to {@link #size()}
     * @return how many were read, or -1 at the end
     */
    int read(ByteBuffer target, long position) throws IOException;
}
