package dev.nbroot.nfs.rpc;

import dev.nbroot.nfs.xdr.XdrException;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/** Takes a record, finds the program and procedure, and writes the reply's header (RFC 5531, 9). One per loop. */
final class RpcDispatcher {
    /** Bytes of an accepted reply's header. */
    static final int HEADER_BYTES = 24;

    private static final int REPLY = 1;
    private static final int ACCEPTED = 0;
    private static final int DENIED = 1;
    private static final int RPC_MISMATCH = 0;
    private static final int AUTH_ERROR = 1;
    private static final int AUTH_BADCRED = 1;
    private static final int AUTH_BADVERF = 3;
    private static final int SUCCESS = 0;
    private static final int PROG_UNAVAIL = 1;
    private static final int PROG_MISMATCH = 2;
    private static final int PROC_UNAVAIL = 3;
    private static final int GARBAGE_ARGS = 4;
    private static final int SYSTEM_ERR = 5;

    /** What became of a record. */
    enum Handled {
        /** A reply is written. */
        REPLY,
        /** There is nothing to send, now or ever. */
        SILENT,
        /** The reply comes later. */
        DEFERRED,
        /** A part is done; the record is to be handled again after the others' turn. */
        AGAIN,
        /** The record is to be handled again when it is woken. */
        PARKED,
        /** No buffer was free; the record is to be handled again later. */
        LATER
    }

    private final List<RpcProgram> programs;
    private final DuplicateCache duplicates;
    private final Consumer<Throwable> errors;
    private final RpcCall call;
    private final XdrIn in = new XdrIn();

    RpcDispatcher(List<RpcProgram> programs, DuplicateCache duplicates, Consumer<Throwable> errors) {
        this.programs = List.copyOf(programs);
        this.duplicates = duplicates;
        this.call = new RpcCall(duplicates);
        this.errors = errors;
    }

    Handled handle(
            ByteBuffer record,
            long address,
            int from,
            int to,
            Peer peer,
            Endpoint endpoint,
            XdrOut out,
            ReplyRoom room) {
        in.reset(record, from, to, address);
        RpcCall.Kind kind;
        try {
            kind = call.parse(in, peer, endpoint);
        } catch (XdrException e) {
            return Handled.SILENT;
        }
        if (kind == RpcCall.Kind.NOISE) {
            return Handled.SILENT;
        }
        if (kind == RpcCall.Kind.WRONG_RPC_VERSION) {
            denied(out, RPC_MISMATCH);
            out.int32(2);
            out.int32(2);
            return Handled.REPLY;
        }
        if (kind == RpcCall.Kind.BAD_CREDENTIAL || kind == RpcCall.Kind.BAD_VERIFIER) {
            denied(out, AUTH_ERROR);
            out.int32(kind == RpcCall.Kind.BAD_CREDENTIAL ? AUTH_BADCRED : AUTH_BADVERF);
            return Handled.REPLY;
        }
        RpcProgram program = find(call.program());
        if (program == null) {
            accepted(out, PROG_UNAVAIL);
            return Handled.REPLY;
        }
        if (call.version() != program.version()) {
            accepted(out, PROG_MISMATCH);
            out.int32(program.version());
            out.int32(program.version());
            return Handled.REPLY;
        }
        return program.remembered(call.procedure())
                ? once(program, record, from, to, out, room)
                : run(program, out, room);
    }

    private RpcProgram find(int number) {
        for (int i = 0; i < programs.size(); i++) {
            if (programs.get(i).number() == number) {
                return programs.get(i);
            }
        }
        return null;
    }

    private Handled once(RpcProgram program, ByteBuffer record, int from, int to, XdrOut out, ReplyRoom room) {
        CRC32C crc = new CRC32C();
        crc.update(record.duplicate().limit(to).position(from));
        DuplicateCache.Key key = new DuplicateCache.Key(
                call.xid(), call.peer().address().getAddress(), crc.getValue() << 24 ^ to - from);
        byte[] known = duplicates.begin(key, System.nanoTime());
        if (known != null && known.length == 0) {
            return Handled.SILENT;
        }
        if (known != null) {
            out.buffer().put(known);
            return Handled.REPLY;
        }
        call.keepLateReply(key);
        Handled handled;
        try {
            handled = run(program, out, room);
        } catch (Error e) {
            // Out of memory: whoever repeats the call is not to wait for this one.
            duplicates.forget(key);
            throw e;
        }
        if (handled == Handled.REPLY) {
            byte[] reply = new byte[out.position() - room.replyStart()];
            out.buffer().get(room.replyStart(), reply);
            duplicates.done(key, reply, System.nanoTime());
        } else if (handled != Handled.DEFERRED) {
            duplicates.forget(key);
        }
        return handled;
    }

    private Handled run(RpcProgram program, XdrOut out, ReplyRoom room) {
        try {
            accepted(out, SUCCESS);
            Outcome outcome = program.call(call, in, out, room);
            if (outcome == Outcome.DEFERRED) {
                return Handled.DEFERRED;
            }
            if (outcome == Outcome.AGAIN) {
                return Handled.AGAIN;
            }
            if (outcome == Outcome.PARKED) {
                return Handled.PARKED;
            }
            if (outcome == Outcome.NO_SUCH_PROCEDURE) {
                out.position(room.replyStart());
                accepted(out, PROC_UNAVAIL);
            }
        } catch (ReplyRoom.NoBuffer e) {
            return Handled.LATER;
        } catch (ParkedCall e) {
            return Handled.PARKED;
        } catch (XdrException e) {
            out.position(room.replyStart());
            accepted(out, GARBAGE_ARGS);
        } catch (RuntimeException e) {
            errors.accept(e);
            out.position(room.replyStart());
            accepted(out, SYSTEM_ERR);
        }
        return Handled.REPLY;
    }

    private void accepted(XdrOut out, int status) {
        header(out, call.xid(), status);
    }

    static void header(XdrOut out, int xid, int status) {
        out.int32(xid);
        out.int32(REPLY);
        out.int32(ACCEPTED);
        out.int32(0);
        out.int32(0);
        out.int32(status);
    }

    private void denied(XdrOut out, int reason) {
        out.int32(call.xid());
        out.int32(REPLY);
        out.int32(DENIED);
        out.int32(reason);
    }

    void tick() {
        programs.forEach(RpcProgram::tick);
    }

    void close() {
        programs.forEach(RpcProgram::close);
    }
}
