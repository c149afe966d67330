package dev.nbroot.nfs.rpc;

import dev.nbroot.nfs.xdr.XdrOut;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import jdk.net.ExtendedSocketOptions;

/**
 * One platform thread with a selector: it reads calls, runs them itself and sends the replies, for its share of the
 * connections. Platform threads, because a call's file-system identity belongs to the kernel thread.
 */
final class EventLoop implements Runnable {
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Something other than a TCP connection that a loop waits for. */
    interface Watched {
        void ready() throws IOException;

        void close() throws IOException;

        /** About a second has passed. */
        default void tick() {}
    }

    private final Selector selector;
    private final BufferPool pool;
    private final Function<Executor, RpcDispatcher> programs;
    private final Consumer<Throwable> errors;
    private final XdrOut out = new XdrOut();
    private final BufferShare.Table shares = new BufferShare.Table();
    private final ConnectionTable table;
    private final NoReply nobody = new NoReply();
    private final PooledBuffer slice;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Set<Connection> connections = new HashSet<>();
    private final List<Watched> watched = new ArrayList<>();
    private final AtomicInteger load = new AtomicInteger();
    private final TurnLines lines = new TurnLines();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private RpcDispatcher dispatcher;
    private volatile boolean stopping;

    EventLoop(
            BufferPool pool,
            ConnectionTable table,
            Function<Executor, RpcDispatcher> programs,
            Consumer<Throwable> errors)
            throws IOException {
        this.selector = Selector.open();
        this.pool = pool;
        this.table = table;
        this.slice = pool.take(FilePiece.SLICE, new BufferShare());
        this.programs = programs;
        this.errors = errors;
    }

    BufferPool pool() {
        return pool;
    }

    BufferShare.Table shares() {
        return shares;
    }

    /** {@return the buffer through which files go into replies} */
    PooledBuffer slice() {
        return slice;
    }

    XdrOut out() {
        return out;
    }

    RpcDispatcher dispatcher() {
        return dispatcher;
    }

    Consumer<Throwable> errors() {
        return errors;
    }

    /** Runs something on the loop's thread; from any thread. */
    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** {@return how many connections it has, or is about to have; from any thread} */
    int load() {
        return load.get();
    }

    /** Takes over a connection; from any thread. */
    void adopt(SocketChannel channel) {
        load.incrementAndGet();
        execute(() -> {
            try {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                keepAlive(channel);
                SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
                Connection connection = new Connection(this, channel, key);
                key.attach(connection);
                connections.add(connection);
                table.add(connection);
            } catch (IOException e) {
                load.decrementAndGet();
                closeQuietly(channel);
            }
        });
    }

    /**
     * A machine may be idle for days and stays connected; of one that was switched off the kernel finds out in a quarter
     * of an hour.
     */
    private static void keepAlive(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 600);
        channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 60);
        channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 5);
    }

    private void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            errors.accept(e);
        }
    }

    /** Watches another channel; before the loop starts, or on its thread. */
    SelectionKey watch(SelectableChannel channel, int operations, Watched handler) throws IOException {
        channel.configureBlocking(false);
        SelectionKey key = channel.register(selector, operations, handler);
        watched.add(handler);
        return key;
    }

    TurnLines lines() {
        return lines;
    }

    void forget(Connection connection) {
        if (connections.remove(connection)) {
            load.decrementAndGet();
        }
        table.remove(connection);
    }

    /** Runs the end of a deferred call whose reply nobody can get. */
    void discard(Deferral.Body body) {
        out.reset(nobody.empty());
        body.write(out, nobody);
    }

    /** {@return completed when the loop serves, or cannot} */
    CompletableFuture<Void> started() {
        return started;
    }

    /** Makes the loop end soon; from any thread. */
    void stop() {
        stopping = true;
        selector.wakeup();
    }

    /** Makes the programs, on the loop's thread. {@return whether that could be} */
    boolean prepare() {
        try {
            dispatcher = programs.apply(this::execute);
            return started.complete(null);
        } catch (RuntimeException | LinkageError e) {
            started.completeExceptionally(e);
            return false;
        }
    }

    @Override
    public void run() {
        if (!prepare()) {
            return;
        }
        long nextTick = System.nanoTime() + TICK_NANOS;
        while (!stopping) {
            try {
                if (lines.isSomebodyReady()) {
                    selector.selectNow(this::ready);
                } else {
                    selector.select(this::ready, lines.isNobodyStarving() ? 1000 : 100);
                }
                turn();
                long now = System.nanoTime();
                if (now - nextTick >= 0) {
                    nextTick = now + TICK_NANOS;
                    tick(now);
                }
            } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
                // The other clients of this loop must not suffer for it.
                errors.accept(e);
            }
        }
        finish();
    }

    private void ready(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (key.attachment() instanceof Connection connection) {
            connection.ready();
        } else if (key.attachment() instanceof Watched handler) {
            try {
                handler.ready();
            } catch (IOException e) {
                errors.accept(e);
            }
        }
    }

    private void turn() {
        runTasks();
        lines.turn();
        if (!lines.isNobodyStarving() && pool.givenSince()) {
            lines.feed();
        }
    }

    void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void tick(long now) {
        dispatcher.tick();
        watched.forEach(Watched::tick);
        if (!lines.isNobodyStarving()) {
            // Others wait for buffers: whoever holds one without moving loses it with its connection.
            for (Connection c : List.copyOf(connections)) {
                if (c.isStalled(now)) {
                    c.close();
                }
            }
        }
    }

    private void finish() {
        // Among them may be a connection that was accepted and not taken over yet.
        runTasks();
        List.copyOf(connections).forEach(Connection::close);
        for (Watched handler : watched) {
            try {
                handler.close();
            } catch (IOException e) {
                errors.accept(e);
            }
        }
        runTasks();
        dispatcher.close();
        try {
            selector.close();
        } catch (IOException e) {
            errors.accept(e);
        }
    }
}
