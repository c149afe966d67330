package dev.nbroot.http;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;

/** What is sent for one request. Used by one thread, and closed by the server. */
public interface HttpContent extends Closeable {
    /** {@return the size in bytes; must not change while the content is open} */
    long size();

    /** {@return when it was changed last} */
    Instant modified();

    /** {@return what tells this version of it from all others, without quotes; visible ASCII} */
    String version();

    /**
     * Reads some bytes, as {@link java.nio.channels.FileChannel#read(ByteBuffer, long)} does.
     *
     * @return how many were read, or -1 at the end
     */
    int read(ByteBuffer target, long position) throws IOException;
}
