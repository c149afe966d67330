package dev.nbroot.nfs.rpc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** A part of a file that is sent straight from the page cache (sendfile(2)), behind the reply's header. */
final class FilePiece implements Outgoing {
    private static final ByteBuffer ZEROES =
            ByteBuffer.allocateDirect(64 * 1024).asReadOnlyBuffer();

    private final FileChannel file;
    private final Runnable sent;
    private long position;
    private int left;

    FilePiece(FileChannel file, long position, int bytes, Runnable sent) {
        this.file = file;
        this.position = position;
        this.left = bytes;
        this.sent = sent;
    }

    @Override
    public int unsent() {
        return left;
    }

    /** Sends what the channel takes. {@return whether that is all of it} */
    boolean send(WritableByteChannel channel) throws IOException {
        while (left > 0) {
            long n = file.transferTo(position, left, channel);
            if (n == 0 && file.size() <= position) {
                // The file shrank after its length was promised: what is missing reads as a hole would.
                n = channel.write(ZEROES.duplicate().limit(Math.min(left, ZEROES.capacity())));
            }
            if (n <= 0) {
                return false;
            }
            position += n;
            left -= (int) n;
        }
        return true;
    }

    /** Tells the owner of the file that it is not needed any more. */
    void done() {
        sent.run();
    }
}
