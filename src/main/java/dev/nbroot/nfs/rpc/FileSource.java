package dev.nbroot.nfs.rpc;

import java.nio.channels.FileChannel;

/** A file whose bytes end a reply; used on the loop's thread only. */
public interface FileSource {
    /**
     * Reads bytes of the file that are in memory already, or nearly so.
     *
     * @param address where to, see PosixFiles#address
     * @param bytes how many at most
     * @param offset where in the file
     * @return how many were read; 0 at the end of the file, below zero on an error, upon which the reply breaks off
     */
    long read(long address, int bytes, long offset);

    /** {@return a channel of the file, for sendfile(2); null when there is none} */
    FileChannel channel();

    /** The file is not needed any more: its bytes are sent, or never will be. Called once. */
    void done();
}
