package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.xdr.XdrOut;

/** What an object was before an operation: the first half of weak cache consistency data (RFC 1813, 2.6). */
final class Before {
    private boolean known;
    private long size;
    private int modifySeconds;
    private int modifyNanos;
    private int changeSeconds;
    private int changeNanos;

    /** Takes over attributes; null when they are not known. */
    void capture(Attributes a) {
        known = a != null;
        if (known) {
            size = a.size();
            modifySeconds = a.modifySeconds();
            modifyNanos = a.modifyNanos();
            changeSeconds = a.changeSeconds();
            changeNanos = a.changeNanos();
        }
    }

    void write(XdrOut out) {
        out.bool(known);
        if (known) {
            out.int64(size);
            out.int32(modifySeconds);
            out.int32(modifyNanos);
            out.int32(changeSeconds);
            out.int32(changeNanos);
        }
    }
}
