package dev.nbroot.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** An open file. Read calls, no mapping: touching a mapped page of a truncated file is an error no one can catch well. */
final class FileContent implements TftpContent {
    private final FileChannel channel;
    private final long size;

    /** Takes over the channel; the size is what the file has now. */
    FileContent(FileChannel channel) throws IOException {
        this.channel = channel;
        this.size = channel.size();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return channel.read(target, position);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
