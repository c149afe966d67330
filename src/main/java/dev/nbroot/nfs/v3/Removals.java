package dev.nbroot.nfs.v3;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Tells each loop what the others have removed. A loop may have it open, and would go on giving out contents that no
 * name leads to any more, and keep their space taken. Shared by all loops.
 */
final class Removals {
    /** One removed name's object, and how many loops have not heard of it. */
    private record Removal(byte[] handle, AtomicInteger untold) {}

    private final List<Inbox> inboxes = new CopyOnWriteArrayList<>();
    /** By the handles' checksums, as long as a loop may have one open. */
    private final Map<Long, Removal> directories = new ConcurrentHashMap<>();

    /** {@return a new loop's inbox} */
    Inbox join() {
        Inbox inbox = new Inbox();
        inboxes.add(inbox);
        return inbox;
    }

    /**
     * {@return whether a directory was removed that the kernel may still find by its handle} An overlay's directory says
     * that it has a link when it has none.
     */
    boolean hasRemoved(long checksum, byte[] directory) {
        Removal removal = directories.get(checksum);
        return removal != null && Arrays.equals(removal.handle(), directory);
    }

    /** What a loop has to hear of. Its own loop empties it before each call. */
    final class Inbox {
        private final Queue<Removal> waiting = new ConcurrentLinkedQueue<>();

        /** Takes all that others have removed; afterwards the loop must not have it open. */
        void empty(Consumer<byte[]> closing) {
            for (Removal removal = waiting.poll(); removal != null; removal = waiting.poll()) {
                closing.accept(removal.handle());
                if (removal.untold().decrementAndGet() == 0) {
                    directories.remove(checksum(removal.handle()), removal);
                }
            }
        }

        /**
         * Tells all other loops of a removal. To be called before it is answered: whoever hears of it by its answer
         * finds it gone on every loop.
         *
         * @param perhapsDirectory whether it may be a directory
         */
        void tell(byte[] handle, boolean perhapsDirectory) {
            int others = inboxes.size() - 1;
            if (others == 0) {
                return;
            }
            Removal removal = new Removal(handle, new AtomicInteger(others));
            if (perhapsDirectory) {
                directories.put(checksum(handle), removal);
            }
            for (Inbox inbox : inboxes) {
                if (inbox != this) {
                    inbox.waiting.add(removal);
                }
            }
        }
    }

    private static long checksum(byte[] handle) {
        return HandleCodec.checksum(ByteBuffer.wrap(handle), 0, handle.length);
    }
}
