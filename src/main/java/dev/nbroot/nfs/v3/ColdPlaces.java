package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.system.PosixFiles;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Lets another thread wait for the disk where a name, an object or a directory is on disk only, so that the loop serves
 * others meanwhile.
 *
 * <p>What is in memory the kernel tells of names only, for as much as looking them up costs; of file handles and
 * directories not at all. So others are sent ahead only while something of the export was found to be cold a short while
 * ago: after a step that took long and read from a disk, and for as long as there are more of them.
 */
final class ColdPlaces {
    /** Longer than a step in memory ever takes, and shorter than a disk's head needs. */
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int FIRST_HANDLE = 1;
    private static final int SECOND_HANDLE = 2;
    private static final int NAME = 3;
    private static final int LISTING = 4;
    private static final int ENTRIES = 5;

    /**
     * How far a call is that waited.
     *
     * @param step never goes back: what is gone again when its call comes back is waited for on the loop
     * @param handle tells which handle it waited for; 0 for none
     */
    private record Waited(int step, int handle) {}

    /** Has something fetched, and tells how many blocks had to be read from a disk for that. */
    @FunctionalInterface
    private interface Fetch {
        void begin(LongConsumer done);
    }

    private final Workspace w;
    private final ByteBuffer dot = ByteBuffer.allocateDirect(2).put(0, (byte) '.');
    private final long dotAddress;
    private long blocksRead;

    /** Makes it for a loop, on its thread. */
    ColdPlaces(Workspace workspace) {
        w = workspace;
        dotAddress = w.posix().address(dot);
        blocksRead = w.posix().blocksRead(w.scratch().at(Scratch.USAGE));
    }

    /** Says how long a step on the loop took. One that others kept from the processor is not cold for that. */
    void took(OpenExport export, long nanos) {
        if (nanos > SLOW_NANOS) {
            long now = w.posix().blocksRead(w.scratch().at(Scratch.USAGE));
            if (now != blocksRead) {
                blocksRead = now;
                export.seenCold();
            }
        }
    }

    /** Forgets what other things have read until now. */
    void tick() {
        blocksRead = w.posix().blocksRead(w.scratch().at(Scratch.USAGE));
    }

    private static int step(RpcCall call) {
        return call.progress() instanceof Waited waited ? waited.step() : 0;
    }

    private static boolean may(RpcCall call, OpenExport export, int step) {
        return export.isCold() && call.canPark() && step(call) < step;
    }

    /**
     * Has the name in the scratch fetched, if it must be and can be.
     *
     * @return whether the call is to be parked; it comes again when the name is there
     */
    boolean parksName(RpcCall call, Node directory) {
        if (!may(call, directory.export(), NAME)) {
            return false;
        }
        w.identity().become(w.caller(call, directory));
        int fd = w.posix()
                .openCached(directory.place(), w.scratch().name(), w.scratch().at(Scratch.OPEN_HOW));
        if (fd >= 0) {
            w.posix().close(fd);
        }
        return fd == -Status.EAGAIN
                && parksNames(call, NAME, directory, List.of(w.scratch().copyOfName()));
    }

    /** Has the names that a directory has fetched, as {@link #parksName}. */
    boolean parksListing(RpcCall call, Node directory) {
        return may(call, directory.export(), LISTING)
                && parks(
                        call,
                        LISTING,
                        directory,
                        done -> w.disk().list(call.peer().address().getAddress(), directory.place(), done));
    }

    /** {@return whether {@link #parksEntries} is worth being asked} */
    boolean mayParkEntries(RpcCall call, Node directory) {
        return may(call, directory.export(), ENTRIES);
    }

    /**
     * Has what some names of a directory stand for fetched, as {@link #parksName}.
     *
     * @param names zero-terminated
     */
    boolean parksEntries(RpcCall call, Node directory, List<byte[]> names) {
        return parksNames(call, ENTRIES, directory, names);
    }

    private boolean parksNames(RpcCall call, int step, Node directory, List<byte[]> names) {
        return parks(
                call,
                step,
                directory,
                done -> w.disk().lookUp(call.peer().address().getAddress(), directory.place(), names, done));
    }

    private boolean parks(RpcCall call, int step, Node directory, Fetch fetch) {
        directory.pin();
        return parks(
                call, new Waited(step, 0), directory.export(), () -> w.nodes().unpin(directory), fetch);
    }

    /**
     * Has the object of the kernel's handle in the scratch fetched, as {@link #parksName}; acts as root from then on.
     *
     * @param bytes how long the handle is, as struct file_handle
     */
    boolean parksHandle(RpcCall call, OpenExport export, int bytes) {
        int step = step(call) < FIRST_HANDLE ? FIRST_HANDLE : SECOND_HANDLE;
        if (!may(call, export, step)) {
            return false;
        }
        byte[] handle = new byte[bytes];
        w.scratch().memory().get(Scratch.HANDLE, handle);
        int hash = Arrays.hashCode(handle) | 1;
        if (call.progress() instanceof Waited waited && waited.handle() == hash) {
            return false;
        }
        w.identity().becomeServer();
        // Its own, because the export may be let go of meanwhile.
        int mount = w.posix().open(export.rootDescriptor(), dotAddress, PosixFiles.READ | PosixFiles.DIRECTORY, 0);
        if (mount < 0) {
            return false;
        }
        return parks(
                call,
                new Waited(step, hash),
                export,
                () -> w.posix().close(mount),
                done -> w.disk().open(call.peer().address().getAddress(), mount, handle, done));
    }

    private boolean parks(RpcCall call, Waited waited, OpenExport export, Runnable over, Fetch fetch) {
        Runnable wake = call.park();
        try {
            fetch.begin(blocks -> {
                if (blocks > 0) {
                    export.seenCold();
                }
                w.execute(over);
                wake.run();
            });
        } catch (RejectedExecutionException e) {
            // The server is closing.
            over.run();
            return false;
        }
        call.progress(waited);
        return true;
    }
}
