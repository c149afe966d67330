package dev.nbroot.nfs.v3;

import java.nio.channels.FileChannel;

/**
 * A file-system object that a loop has open: its descriptors and what is remembered of it. A member of NodeTable's
 * chains.
 */
final class Node {
    static final int NONE = -1;

    private final long key;
    private final byte[] handle;
    private final OpenExport export;
    private final int place;

    private int reader = NONE;
    private int writer = NONE;
    private FileChannel channel;
    private boolean tellsCold = true;
    private WarmChunks warm;
    private int pins;
    private boolean dropped;
    private final Attributes attributes = new Attributes();
    private long attributesVersion = Long.MIN_VALUE;
    private long attributesSecond;
    private Caller accessCaller;
    private int accessKnown;
    private int accessGranted;
    private Caller readCaller;
    private long readUntil;
    private long readVersion;
    private Caller writeCaller;
    private long writeUntil;
    private long writeVersion;

    long usedSecond;
    Node hashNext;
    Node newer;
    Node older;

    Node(long key, byte[] handle, OpenExport export, int place) {
        this.key = key;
        this.handle = handle;
        this.export = export;
        this.place = place;
    }

    long key() {
        return key;
    }

    /** {@return the handle as clients know it; not to be changed} */
    byte[] handle() {
        return handle;
    }

    OpenExport export() {
        return export;
    }

    /** {@return a descriptor that stands for the object, good for every call but reading and writing} */
    int place() {
        return place;
    }

    int reader() {
        return reader;
    }

    int writer() {
        return writer;
    }

    void reader(int descriptor) {
        reader = descriptor;
    }

    void writer(int descriptor) {
        writer = descriptor;
    }

    /** {@return whether the file system tells what is not in the page cache, as far as is known} */
    boolean tellsCold() {
        return tellsCold;
    }

    void cannotTellCold() {
        tellsCold = false;
    }

    /** {@return what was read of it lately} */
    WarmChunks warm() {
        if (warm == null) {
            warm = new WarmChunks();
        }
        return warm;
    }

    /** {@return a channel of its own descriptor for zero-copy reads, or null} */
    FileChannel channel() {
        return channel;
    }

    void channel(FileChannel newChannel) {
        channel = newChannel;
    }

    int descriptors() {
        return (channel == null ? 1 : 2)
                + (reader != NONE && reader != place ? 1 : 0)
                + (writer != NONE && writer != place ? 1 : 0);
    }

    /** Keeps the descriptors open although the table drops the node. */
    void pin() {
        pins++;
    }

    /** {@return whether it is in no table any more} */
    boolean dropped() {
        return dropped;
    }

    /** {@return whether this was the last pin of a dropped node, whose descriptors are now the caller's to close} */
    boolean unpin() {
        return --pins == 0 && dropped;
    }

    boolean pinned() {
        return pins > 0;
    }

    void markDropped() {
        dropped = true;
    }

    boolean isRoot() {
        return java.util.Arrays.equals(handle, export.rootHandle());
    }

    Attributes attributes() {
        return attributes;
    }

    /**
     * {@return whether {@link #attributes} are those of now, see OpenExport#trusts}
     *
     * @param second the loop's clock
     */
    boolean attributesFresh(long second) {
        return export.trusts(attributesVersion, attributesSecond, second);
    }

    /** Says that the attributes were loaded when the export had that version. */
    void attributesLoaded(long version, long second) {
        attributesSecond = second;
        attributesVersion = version;
        accessCaller = null;
    }

    /** {@return which of the wanted access bits are known to be granted or not, for fresh attributes} */
    int accessKnown(Caller caller) {
        return accessCaller == caller ? accessKnown : 0;
    }

    int accessGranted() {
        return accessGranted;
    }

    void access(Caller caller, int known, int granted) {
        accessCaller = caller;
        accessKnown = known;
        accessGranted = granted;
    }

    /** {@return whether the caller was lately found to be allowed to read} */
    boolean mayRead(Caller caller, long now) {
        return readCaller == caller && now - readUntil < 0 && readVersion == export.permissionsVersion();
    }

    /** Says that the caller was allowed to read when the export's permissions had that version. */
    void allowRead(Caller caller, long until, long version) {
        readCaller = caller;
        readUntil = until;
        readVersion = version;
    }

    boolean mayWrite(Caller caller, long now) {
        return writeCaller == caller && now - writeUntil < 0 && writeVersion == export.permissionsVersion();
    }

    void allowWrite(Caller caller, long until, long version) {
        writeCaller = caller;
        writeUntil = until;
        writeVersion = version;
    }
}
