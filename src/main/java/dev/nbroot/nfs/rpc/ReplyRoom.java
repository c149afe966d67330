package dev.nbroot.nfs.rpc;

import java.nio.ByteBuffer;

/** Where a reply is written: room for {@link #SMALL} bytes is always there, more must be asked for first. */
public interface ReplyRoom {
    /** Bytes that every reply body has room for. */
    int SMALL = 1536;

    /**
     * Makes room for a larger reply body. To be called before anything is written to the body and before the call has
     * an effect: when no buffer is free this throws {@link NoBuffer}, and the same call comes again later.
     *
     * @param bytes the most that the body may take
     */
    void reserve(int bytes);

    /**
     * Makes a part of a file the last part of the reply's body; nothing may be written to the body after it.
     *
     * @param file stays open until it is told that it is done
     * @param offset where in the file
     * @param bytes how many; padding follows by itself; if the file becomes shorter meanwhile, zeroes are sent
     * @return false, with nothing done, where that is not possible: over UDP
     */
    boolean attach(FileSource file, long offset, int bytes);

    /** {@return the index of the reply's first byte (its transaction id) in {@link #buffer}; {@link #reserve} moves it} */
    int replyStart();

    /** {@return the address in memory of the first byte of the buffer that is written, see PosixFiles#address} */
    long address();

    /** {@return the buffer that is written} */
    ByteBuffer buffer();

    /** No buffer is free just now. */
    final class NoBuffer extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoBuffer() {
            super("no buffer is free", null, false, false);
        }
    }
}
