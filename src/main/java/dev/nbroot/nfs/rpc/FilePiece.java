package dev.nbroot.nfs.rpc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A part of a file at the end of a reply, sent a slice at a time, after which other connections may have their turn.
 *
 * <p>A slice is read when it is sent: it stays in the processor's cache between the two copies and waits in no buffer of
 * its own. Or the kernel sends the page cache's pages themselves (sendfile(2)).
 */
final class FilePiece implements Outgoing {
    /** How much is read at a time: small against a core's second-level cache. */
    static final int SLICE = 2 * ReplyQueue.PACKET;

    /** What the kernel sends itself passes no cache of the processor: as much at a time as a turn has. */
    private static final int BY_REFERENCE = Connection.BYTES_PER_TURN;

    private final FileSource file;
    private FileChannel channel;
    private long position;
    private int left;
    private int padding;

    /** Makes a piece of which nothing is sent. */
    FilePiece(FileSource file, long position, int bytes) {
        this.file = file;
        this.channel = file.channel();
        this.position = position;
        this.left = bytes;
        this.padding = -bytes & 3;
    }

    /** {@return whether {@link #transfer} is to be tried first} */
    boolean byReference() {
        return channel != null;
    }

    @Override
    public int unsent() {
        return left + padding;
    }

    /** {@return how many bytes of the file are sent next} */
    int nextOfFile() {
        return Math.min(left, channel == null ? SLICE : BY_REFERENCE);
    }

    /**
     * Lets the kernel send the next slice without a copy.
     *
     * @return how many bytes the socket took; below zero when {@link #next} must do it
     */
    int transfer(WritableByteChannel socket) throws IOException {
        if (channel == null || left == 0) {
            return -1;
        }
        int n;
        try {
            n = (int) channel.transferTo(position, nextOfFile(), socket);
        } catch (IOException e) {
            // The file's fault or the socket's: what reads into a buffer, and then writes, finds out.
            channel = null;
            return -1;
        }
        if (n == 0 && channel.size() <= position) {
            channel = null;
            return -1;
        }
        sent(n);
        return n;
    }

    /**
     * Fills a buffer of {@link #SLICE} bytes with what comes next, ready to be sent.
     *
     * @throws IOException when the file cannot be read. "All is well" is said already; only the end of the connection
     *     can still take it back. The client asks again; that its file is broken the source knows by then
     */
    ByteBuffer next(ByteBuffer slice, long address) throws IOException {
        slice.clear();
        int wanted = nextOfFile();
        int n = wanted == 0 ? 0 : (int) file.read(address, wanted, position);
        if (n < 0) {
            throw new IOException("a file cannot be read on (errno " + -n + ")");
        }
        if (n == 0) {
            // The file became shorter after its length was promised: a hole's zeroes stand for the rest.
            for (n = 0; n < wanted; n++) {
                slice.put(n, (byte) 0);
            }
        }
        for (int i = 0; n == left && i < padding && n + i < SLICE; i++) {
            slice.put(n + i, (byte) 0);
        }
        return slice.limit(n == left ? Math.min(n + padding, SLICE) : n);
    }

    /** Says how many bytes of the last slice were sent; the others will be read again. */
    void sent(int bytes) {
        int ofFile = Math.min(bytes, left);
        position += ofFile;
        left -= ofFile;
        padding -= bytes - ofFile;
    }

    /** Tells the owner of the file that it is not needed any more. */
    void done() {
        file.done();
    }
}
