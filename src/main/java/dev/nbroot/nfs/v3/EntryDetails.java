package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.xdr.XdrOut;
import dev.nbroot.system.PosixFiles;
import java.nio.ByteBuffer;

/** Writes the attributes and the handle of a directory entry for READDIRPLUS, without opening it if possible. */
final class EntryDetails {
    private final Workspace w;
    private final Attributes attributes = new Attributes();
    private final ByteBuffer handle = ByteBuffer.allocate(HandleCodec.MOST_BYTES);

    EntryDetails(Workspace workspace) {
        w = workspace;
    }

    /** {@return false, with nothing written, when there is no such entry any more} */
    boolean write(XdrOut out, Node directory, byte[] names, int at, int length) {
        Scratch scratch = w.scratch();
        if (scratch.copyName(ByteBuffer.wrap(names), at, length) != Status.OK) {
            return false;
        }
        OpenExport export = directory.export();
        long version = export.version();
        int result =
                w.posix().handleAt(directory.place(), scratch.name(), scratch.handleRoom(), scratch.mountIdAddress());
        if (result >= 0 && export.remembers()) {
            result = w.posix().statxAt(directory.place(), scratch.name(), scratch.at(Scratch.STATX));
        }
        if (result >= 0 && (!export.remembers() || export.version() != version)) {
            result = pinned(directory);
        }
        if (result == -Status.ENOENT) {
            return false;
        }
        int handleBytes = result < 0 || scratch.mountId() != export.mountId()
                ? 0
                : w.codec().encode(handle, export.id(), scratch.memory(), Scratch.HANDLE);
        if (handleBytes == 0) {
            out.bool(false);
            out.bool(false);
            return true;
        }
        attributes.load(scratch.memory(), Scratch.STATX);
        w.find().correctLinks(export, attributes, handle.array());
        out.bool(true);
        attributes.write(out, export.id());
        out.bool(true);
        out.int32(handleBytes);
        out.buffer().put(handle.array(), 0, handleBytes);
        out.pad(handleBytes);
        return true;
    }

    /** Asks one and the same object for both, where the name may become another's in between. */
    private int pinned(Node directory) {
        Scratch scratch = w.scratch();
        int fd = w.posix().open(directory.place(), scratch.name(), PosixFiles.PLACE, 0);
        if (fd < 0) {
            return fd;
        }
        int result = w.posix().handleOf(fd, scratch.handleRoom(), scratch.mountIdAddress());
        if (result >= 0) {
            result = w.posix().statx(fd, scratch.at(Scratch.STATX));
        }
        w.posix().close(fd);
        return result;
    }
}
