package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.rpc.ParkedCall;
import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.system.PosixFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Finds or makes the listing of a directory, for callers that may read it. */
final class Listings {
    private static final int READ_BYTES = 32 * 1024;
    /** A listing up to this size is made anew whenever its directory changed. */
    private static final int CHEAP_ENTRIES = 1000;
    /** A larger one serves clients that are in the middle of it for so long. */
    private static final long CONTINUE_MILLIS = 10_000;
    /** Not secret: cookies need no protection, they must only stay the same over restarts. */
    private static final SipHash HASH = new SipHash("directory cookie".getBytes(StandardCharsets.US_ASCII));

    private final Workspace w;
    private final ListingCache cache;
    private final ByteBuffer entries = ByteBuffer.allocateDirect(READ_BYTES).order(ByteOrder.nativeOrder());
    private final long entriesAddress;
    private final ByteBuffer dot = ByteBuffer.allocateDirect(2).put(0, (byte) '.');
    private final long dotAddress;
    private int status;

    Listings(Workspace workspace, long mostBytes) {
        w = workspace;
        cache = new ListingCache(mostBytes);
        entriesAddress = w.posix().address(entries);
        dotAddress = w.posix().address(dot);
    }

    /** {@return why {@link #of} gave nothing} */
    int status() {
        return status;
    }

    /**
     * {@return the listing to answer from, or null with {@link #status}}
     *
     * @param cookie where the client goes on; 0 for the beginning, which must be as of now
     */
    Listing of(RpcCall call, Node directory, Caller caller, long cookie) {
        int type = w.type(directory);
        if (type != Attributes.DIRECTORY) {
            status = type == 0 ? w.status() : Status.NOTDIR;
            return null;
        }
        if (!allows(directory, caller, PosixFiles.MAY_READ)) {
            return null;
        }
        Listing known = cache.get(directory);
        if (known != null && serves(known, directory, cookie)) {
            return known;
        }
        if (w.cold().parksListing(call, directory)) {
            throw new ParkedCall();
        }
        long start = System.nanoTime();
        Listing fresh = read(directory);
        w.cold().took(directory.export(), System.nanoTime() - start);
        if (fresh != null) {
            cache.put(directory, fresh);
        }
        return fresh;
    }

    private boolean serves(Listing known, Node directory, long cookie) {
        if (directory.export().immutable()) {
            return true;
        }
        Attributes a = w.attributes(directory);
        if (a != null && known.describes(a)) {
            return true;
        }
        return cookie != 0
                && known.size() > CHEAP_ENTRIES
                && System.currentTimeMillis() - known.builtMillis() < CONTINUE_MILLIS;
    }

    private Listing read(Node directory) {
        long builtMillis = System.currentTimeMillis();
        Attributes a = w.attributes(directory);
        if (a == null) {
            status = w.status();
            return null;
        }
        w.identity().becomeServer();
        int fd = w.posix().open(directory.place(), dotAddress, PosixFiles.READ | PosixFiles.DIRECTORY, 0);
        if (fd < 0) {
            status = Status.of(fd);
            return null;
        }
        Listing.Builder builder = new Listing.Builder(HASH);
        long n = w.posix().getdents(fd, entriesAddress, READ_BYTES);
        while (n > 0) {
            builder.add(entries, (int) n);
            n = w.posix().getdents(fd, entriesAddress, READ_BYTES);
        }
        w.posix().close(fd);
        if (n < 0) {
            status = Status.of(n);
            return null;
        }
        return builder.build(a, builtMillis);
    }

    /** {@return whether the caller may look up names in the directory, as READDIRPLUS does for it} */
    boolean mayLookInside(Node directory, Caller caller) {
        return allows(directory, caller, PosixFiles.MAY_EXECUTE);
    }

    private boolean allows(Node directory, Caller caller, int mode) {
        if (caller.isRoot()) {
            return true;
        }
        w.identity().become(caller);
        int result = w.posix().faccess(directory.place(), mode);
        status = result < 0 ? Status.of(result) : Status.OK;
        return result >= 0;
    }

    void keep(Node directory, Listing listing, Listing.ReplyKey key, Listing.Reply reply) {
        cache.keep(directory, listing, key, reply);
    }

    void clear() {
        cache.clear();
    }
}
