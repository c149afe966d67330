package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.export.Changes;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.LinkCounts;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** An export whose root is open. Shared by all loops. */
final class OpenExport {
    /** As long as a Linux client itself trusts attributes at least (nfs(5), acregmin). */
    private static final long TRUST_SECONDS = 3;

    private static final long COLD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Export export;
    private final int rootDescriptor;
    private final int mountId;
    private final byte[] rootHandle;
    private final LinkCounts links;
    private final BrokenFiles broken = new BrokenFiles(System::nanoTime);
    /** Starts elsewhere each time, so that nothing remembered of an earlier opening passes for fresh. */
    private final AtomicLong version = new AtomicLong(System.nanoTime());

    private final AtomicLong permissionsVersion = new AtomicLong();
    /** Zero until the first time: then the clock need not be read. */
    private volatile long coldUntil;

    OpenExport(Export export, int rootDescriptor, int mountId, byte[] rootHandle) {
        this.export = export;
        this.rootDescriptor = rootDescriptor;
        this.mountId = mountId;
        this.rootHandle = rootHandle;
        this.links = export.root().links().orElse(null);
    }

    /** {@return the tree; the rights in it are not everybody's, see Workspace#writable} */
    Export export() {
        return export;
    }

    long id() {
        return export.id();
    }

    /** {@return the root directory, open for reading: what open_by_handle_at(2) takes as its mount} */
    int rootDescriptor() {
        return rootDescriptor;
    }

    /** {@return the kernel's id of the mount; an object with another one is not part of the export} */
    int mountId() {
        return mountId;
    }

    /** {@return the root directory's handle as clients know it} */
    byte[] rootHandle() {
        return rootHandle;
    }

    /** {@return what corrects the counts of links, or null} */
    LinkCounts links() {
        return links;
    }

    /** {@return files that cannot be read from end to end} */
    BrokenFiles broken() {
        return broken;
    }

    /** {@return whether attributes may be remembered while {@link #version} stays the same} */
    boolean remembers() {
        return export.changes() != Changes.ANYWHERE;
    }

    boolean immutable() {
        return export.changes() == Changes.NEVER;
    }

    /**
     * Tells whether something remembered is still right. Of a tree that only clients change it is when no client
     * changed anything since; but not for long, because people do edit files of machines that are switched off.
     *
     * @param version what {@link #version} was then
     * @param then the loop's clock then, in seconds
     * @param now the loop's clock now
     */
    boolean trusts(long version, long then, long now) {
        return switch (export.changes()) {
            case NEVER -> version == version();
            case HERE_ONLY -> version == version() && now - then <= TRUST_SECONDS;
            case ANYWHERE -> false;
        };
    }

    /** {@return a number that grows with every change that a client makes} */
    long version() {
        return version.get();
    }

    /** Says that something in the tree has just changed. */
    void changed() {
        version.incrementAndGet();
    }

    /** {@return whether names are on disk only, as was seen a short while ago} */
    boolean isCold() {
        long until = coldUntil;
        return until != 0 && until - System.nanoTime() > 0;
    }

    /** Says that looking up a name has just waited for a disk. */
    void seenCold() {
        coldUntil = System.nanoTime() + COLD_NANOS | 1;
    }

    /** {@return a number that grows whenever a client changes who may do what} */
    long permissionsVersion() {
        return permissionsVersion.get();
    }

    /** Says that an owner, a mode or an access control list has just changed. */
    void permissionsChanged() {
        permissionsVersion.incrementAndGet();
        changed();
    }
}
