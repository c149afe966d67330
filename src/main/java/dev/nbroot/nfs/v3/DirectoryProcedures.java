package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.rpc.ParkedCall;
import dev.nbroot.nfs.rpc.ReplyRoom;
import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** READDIR and READDIRPLUS (RFC 1813, 3.3.16, 3.3.17). */
final class DirectoryProcedures {
    private static final int MOST_BYTES = 256 * 1024;
    private static final int HEADER = 4 + 4 + Attributes.BYTES + 8;
    private static final int TRAILER = 8;
    /** "Another entry", file id, name length and cookie. */
    private static final int ENTRY = 4 + 8 + 4 + 8;

    private static final int PLUS = 4 + Attributes.BYTES + 4 + 4 + HandleCodec.MOST_BYTES;

    private final Workspace w;
    private final Listings listings;
    private final EntryDetails details;

    DirectoryProcedures(Workspace workspace, long listingBytes) {
        this.w = workspace;
        this.listings = new Listings(workspace, listingBytes);
        this.details = new EntryDetails(workspace);
    }

    void readdir(RpcCall call, XdrIn in, XdrOut out, ReplyRoom room) {
        Node directory = w.node(call, in);
        long cookie = in.int64();
        in.int64();
        int count = in.int32();
        list(call, out, room, directory, cookie, count, false);
    }

    void readdirplus(RpcCall call, XdrIn in, XdrOut out, ReplyRoom room) {
        Node directory = w.node(call, in);
        long cookie = in.int64();
        in.int64();
        in.int32();
        int count = in.int32();
        list(call, out, room, directory, cookie, count, true);
    }

    private void list(RpcCall call, XdrOut out, ReplyRoom room, Node directory, long cookie, int wanted, boolean plus) {
        int most = call.peer().datagram() ? DataProcedures.MOST_DATAGRAM_BYTES : MOST_BYTES;
        int count = wanted < 0 || wanted > most ? most : wanted;
        room.reserve(Math.max(count, HEADER + TRAILER) + 64);
        if (directory == null) {
            out.int32(w.status());
            out.bool(false);
            return;
        }
        Caller caller = w.caller(call, directory);
        Listing listing = listings.of(call, directory, caller, cookie);
        Attributes a = listing == null ? null : w.attributes(directory);
        if (a == null) {
            out.int32(listing == null ? listings.status() : w.status());
            w.after(out, directory);
            return;
        }
        int start = out.position();
        out.int32(Status.OK);
        out.bool(true);
        a.write(out, directory.export().id());
        out.int64(0);
        boolean searchable = plus && listings.mayLookInside(directory, caller);
        if (!entries(call, out, directory, listing, cookie, start + count - TRAILER, count, plus, searchable, caller)) {
            out.position(start);
            out.int32(Status.TOOSMALL);
            w.after(out, directory);
        }
    }

    /** Writes the entries, from what is remembered if possible. {@return false when not even one fits} */
    private boolean entries(
            RpcCall call,
            XdrOut out,
            Node directory,
            Listing listing,
            long cookie,
            int end,
            int count,
            boolean plus,
            boolean searchable,
            Caller caller) {
        OpenExport export = directory.export();
        Listing.ReplyKey key = new Listing.ReplyKey(cookie, count, plus);
        boolean keeps = export.remembers() && (!plus || searchable);
        long version = export.version();
        if (keeps) {
            Listing.Reply known = listing.reply(key);
            if (known != null
                    && (!plus
                            || export.trusts(
                                    known.version(), known.second(), w.nodes().second()))) {
                out.buffer().put(known.bytes());
                return true;
            }
        }
        int index = listing.after(cookie);
        if (searchable && parks(call, directory, listing, index, end - out.position())) {
            throw new ParkedCall();
        }
        long started = System.nanoTime();
        w.identity().become(caller);
        int from = out.position();
        int first = index;
        int written = 0;
        while (index < listing.size()) {
            int length = listing.nameLength(index);
            if (out.position() + ENTRY + (length + 3 & ~3) + (plus ? PLUS : 0) > end) {
                break;
            }
            if (entry(out, directory, listing, index, plus, searchable)) {
                written++;
            }
            index++;
        }
        w.cold().took(export, System.nanoTime() - started);
        if (written == 0 && index < listing.size() && index == first) {
            return false;
        }
        out.bool(false);
        out.bool(index == listing.size());
        if (keeps) {
            byte[] bytes = new byte[out.position() - from];
            out.buffer().get(from, bytes);
            listings.keep(
                    directory,
                    listing,
                    key,
                    new Listing.Reply(version, w.nodes().second(), bytes));
        }
        return true;
    }

    /** Has what the entries of a reply stand for fetched, if it is likely to be on disk only. */
    private boolean parks(RpcCall call, Node directory, Listing listing, int from, int bytes) {
        if (!w.cold().mayParkEntries(call, directory)) {
            return false;
        }
        List<byte[]> names = new ArrayList<>();
        int left = bytes;
        for (int i = from; i < listing.size() && left > 0; i++) {
            int start = listing.nameAt(i);
            // With the zero at its end.
            names.add(Arrays.copyOf(
                    Arrays.copyOfRange(listing.names(), start, start + listing.nameLength(i)),
                    listing.nameLength(i) + 1));
            left -= ENTRY + PLUS + listing.nameLength(i);
        }
        return !names.isEmpty() && w.cold().parksEntries(call, directory, names);
    }

    private boolean entry(XdrOut out, Node directory, Listing listing, int index, boolean plus, boolean searchable) {
        int start = out.position();
        int length = listing.nameLength(index);
        long cookie = listing.cookie(index);
        boolean top = cookie == Listing.DOT_DOT && directory.isRoot();
        out.bool(true);
        out.int64(top ? directory.attributes().fileId() : listing.fileId(index));
        out.int32(length);
        out.buffer().put(listing.names(), listing.nameAt(index), length);
        out.pad(length);
        out.int64(cookie);
        if (!plus) {
            return true;
        }
        if (!searchable || cookie == Listing.DOT_DOT) {
            out.bool(false);
            out.bool(false);
            return true;
        }
        if (cookie == Listing.DOT) {
            w.after(out, directory);
            out.bool(true);
            Workspace.handle(out, directory);
            return true;
        }
        if (!details.write(out, directory, listing.names(), listing.nameAt(index), length)) {
            // It was removed since the names were read.
            out.position(start);
            return false;
        }
        return true;
    }

    void clear() {
        listings.clear();
    }
}
