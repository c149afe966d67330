package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.rpc.RpcCall;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Lets another thread wait for the disk where a name is on disk only, so that the loop serves others meanwhile.
 *
 * <p>Asking the kernel costs as much as looking up itself. So it is asked only while names of the export were found to be
 * cold a short while ago: after one that took long and read from a disk, and for as long as there are more of them.
 */
final class ColdNames {
    /** Longer than a lookup in memory ever takes, and shorter than a disk's head needs. */
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final Object FETCHED = new Object();

    private final Workspace w;
    private long blocksRead;

    ColdNames(Workspace workspace) {
        w = workspace;
        blocksRead = w.posix().blocksRead(w.scratch().at(Scratch.USAGE));
    }

    /** Says how long a lookup on the loop took. One that others kept from the processor is not cold for that. */
    void took(OpenExport export, long nanos) {
        if (nanos > SLOW_NANOS) {
            long now = w.posix().blocksRead(w.scratch().at(Scratch.USAGE));
            if (now != blocksRead) {
                blocksRead = now;
                export.seenCold();
            }
        }
    }

    /**
     * Has the name in the scratch fetched, if it must be and can be.
     *
     * @return whether the call is to be parked; it comes again when the name is there
     */
    boolean parks(RpcCall call, Node directory) {
        if (!directory.export().isCold() || !call.canDefer() || call.progress() == FETCHED) {
            return false;
        }
        w.identity().become(w.caller(call, directory));
        int fd = w.posix()
                .openCached(directory.place(), w.scratch().name(), w.scratch().at(Scratch.OPEN_HOW));
        if (fd >= 0) {
            w.posix().close(fd);
        }
        return fd == -Status.EAGAIN && fetch(call, directory);
    }

    private boolean fetch(RpcCall call, Node directory) {
        Runnable wake = call.park();
        directory.pin();
        try {
            w.disk()
                    .lookUp(
                            call.peer().address().getAddress(),
                            directory.place(),
                            w.scratch().copyOfName(),
                            blocks -> {
                                if (blocks > 0) {
                                    directory.export().seenCold();
                                }
                                w.execute(() -> w.nodes().unpin(directory));
                                wake.run();
                            });
        } catch (RejectedExecutionException e) {
            w.nodes().unpin(directory);
            return false;
        }
        call.progress(FETCHED);
        return true;
    }
}
