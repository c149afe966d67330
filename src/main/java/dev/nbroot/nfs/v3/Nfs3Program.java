package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.rpc.Outcome;
import dev.nbroot.nfs.rpc.ReplyRoom;
import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.rpc.RpcProgram;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;

/** The NFS program, version 3: all 22 procedures of RFC 1813. */
public final class Nfs3Program implements RpcProgram {
    /** The program number. */
    public static final int NUMBER = 100003;

    private static final int VERSION = 3;
    private static final int RENAME = 14;
    private static final int LINK = 15;

    private final Workspace w;
    private final AttributeProcedures attributes;
    private final NameProcedures names;
    private final ReadProcedure reading;
    private final DataProcedures data;
    private final CreateProcedures creation;
    private final RemoveProcedures removal;
    private final DirectoryProcedures directories;
    private final FileSystemProcedures fileSystem;

    /**
     * Makes a loop's program.
     *
     * @param listingBytes how much memory remembered directories may take
     */
    public Nfs3Program(Workspace workspace, long listingBytes) {
        w = workspace;
        DataAccess access = new DataAccess(w);
        SetAttributes set = new SetAttributes(w, access);
        attributes = new AttributeProcedures(w, set);
        names = new NameProcedures(w);
        reading = new ReadProcedure(w, access);
        data = new DataProcedures(w, access);
        creation = new CreateProcedures(w, set);
        removal = new RemoveProcedures(w);
        directories = new DirectoryProcedures(w, listingBytes);
        fileSystem = new FileSystemProcedures(w);
    }

    @Override
    public int number() {
        return NUMBER;
    }

    @Override
    public int version() {
        return VERSION;
    }

    /** SETATTR, then CREATE to LINK: a second time they would fail, or undo what came in between. */
    @Override
    public boolean remembered(int procedure) {
        return procedure == 2 || procedure >= 8 && procedure <= 15;
    }

    @Override
    public Outcome call(RpcCall call, XdrIn in, XdrOut out, ReplyRoom room) {
        w.begin();
        switch (call.procedure()) {
            case 0 -> {}
            case 1 -> attributes.getattr(call, in, out);
            case 3 -> {
                return names.lookup(call, in, out);
            }
            case 4 -> attributes.access(call, in, out);
            case 5 -> names.readlink(call, in, out, room);
            case 6 -> {
                return reading.read(call, in, out, room);
            }
            case 7 -> {
                return data.write(call, in, out);
            }
            case 16 -> directories.readdir(call, in, out, room);
            case 17 -> directories.readdirplus(call, in, out, room);
            case 18 -> fileSystem.fsstat(call, in, out);
            case 19 -> fileSystem.fsinfo(call, in, out);
            case 20 -> fileSystem.pathconf(call, in, out);
            case 21 -> {
                return data.commit(call, in, out);
            }
            default -> {
                return remembered(call.procedure()) ? change(call, in, out) : Outcome.NO_SUCH_PROCEDURE;
            }
        }
        return Outcome.DONE;
    }

    private Outcome change(RpcCall call, XdrIn in, XdrOut out) {
        int from = out.position();
        w.durable().begin();
        switch (call.procedure()) {
            case 2 -> attributes.setattr(call, in, out);
            case 8 -> creation.create(call, in, out);
            case 9 -> creation.mkdir(call, in, out);
            case 10 -> creation.symlink(call, in, out);
            case 11 -> creation.mknod(call, in, out);
            case 12 -> removal.remove(call, in, out);
            case 13 -> removal.rmdir(call, in, out);
            case RENAME -> removal.rename(call, in, out);
            case LINK -> creation.link(call, in, out);
            default -> throw new IllegalStateException("not a procedure that changes names: " + call.procedure());
        }
        // What the body of a failed call has behind its status: before and after, for each directory; of LINK also the
        // file.
        int attributeSets = call.procedure() == RENAME ? 4 : call.procedure() == LINK ? 3 : 2;
        return w.durable().settle(call, out, from, attributeSets);
    }

    @Override
    public void tick() {
        w.tick();
    }

    @Override
    public void close() {
        w.close();
    }
}
