package dev.nbroot.nfs.rpc;

import java.nio.ByteBuffer;

/** Takes a reply that nobody can get any more, and lets go of the files that belong to it. */
final class NoReply implements ReplyRoom {
    private final ByteBuffer waste = ByteBuffer.allocate(SMALL);

    /** {@return where the next reply is written to} */
    ByteBuffer empty() {
        return waste.clear();
    }

    @Override
    public void reserve(int bytes) {
        throw new NoBuffer();
    }

    @Override
    public boolean attach(FileSource file, long offset, int bytes) {
        file.done();
        return true;
    }

    @Override
    public int replyStart() {
        return 0;
    }

    @Override
    public long address() {
        throw new NoBuffer();
    }

    @Override
    public ByteBuffer buffer() {
        return waste;
    }
}
