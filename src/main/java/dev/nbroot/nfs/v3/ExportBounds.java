package dev.nbroot.nfs.v3;

import dev.nbroot.system.PosixFiles;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Tells what is part of an export: a directory may be moved out of it while a client holds its handle. */
final class ExportBounds {
    /** No path is deeper (PATH_MAX, with one letter per name). */
    private static final int MOST_DEPTH = 2048;

    private final PosixFiles posix;
    private final Identity identity;
    private final Scratch scratch;
    private final HandleCodec codec;
    private final ByteBuffer handle = ByteBuffer.allocate(HandleCodec.MOST_BYTES);

    ExportBounds(Workspace w) {
        posix = w.posix();
        identity = w.identity();
        scratch = w.scratch();
        codec = w.codec();
    }

    /** {@return whether a directory is its export's root or below it; the thread acts as the server from now on} */
    boolean holds(Node directory) {
        if (directory.isRoot()) {
            return true;
        }
        identity.becomeServer();
        scratch.nameDotDot();
        int at = posix.open(directory.place(), scratch.name(), PosixFiles.PLACE, 0);
        boolean found = false;
        for (int depth = 0; at >= 0 && !found && depth < MOST_DEPTH; depth++) {
            found = isRootOf(directory.export(), at);
            int above = posix.open(at, scratch.name(), PosixFiles.PLACE, 0);
            posix.close(at);
            at = above;
        }
        if (at >= 0) {
            posix.close(at);
        }
        return found;
    }

    private boolean isRootOf(OpenExport export, int directory) {
        if (posix.handleOf(directory, scratch.handleRoom(), scratch.mountIdAddress()) < 0
                || scratch.mountId() != export.mountId()) {
            return false;
        }
        byte[] root = export.rootHandle();
        int length = codec.encode(handle, export.id(), scratch.memory(), Scratch.HANDLE);
        return Arrays.equals(handle.array(), 0, length, root, 0, root.length);
    }
}
