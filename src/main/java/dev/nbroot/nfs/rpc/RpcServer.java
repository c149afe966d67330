package dev.nbroot.nfs.rpc;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * RPC programs behind TCP and UDP sockets, on a few event loops.
 *
 * <p>Every socket serves every program. Use: construct, {@link #listen} once per address, {@link #start},
 * {@link #close}.
 */
public final class RpcServer implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int MOST_PORTS = 20;
    private static final long STOP_MILLIS = 5000;

    private final List<EventLoop> loops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<AutoCloseable> sockets = new ArrayList<>();
    private final ToLongFunction<ByteBuffer> addresses;
    private final Consumer<Throwable> errors;
    private int next;

    /**
     * Makes a server without sockets.
     *
     * @param loopCount how many loops, 1 or more
     * @param bufferBytes how much direct memory all buffers together may take
     * @param addresses tells a direct buffer's address
     * @param programs makes a loop's own programs, on that loop's thread; gets what runs a task on that thread
     * @param mostConnections how many TCP connections there may be
     * @param expelled is told, once a minute and address, whose connection is closed because there are too many, and
     *     why; called from many threads, as whoever they act for
     * @param errors takes what went wrong inside the server; called from many threads
     */
    public RpcServer(
            int loopCount,
            long bufferBytes,
            ToLongFunction<ByteBuffer> addresses,
            Function<Executor, List<RpcProgram>> programs,
            int mostConnections,
            BiConsumer<InetSocketAddress, String> expelled,
            Consumer<Throwable> errors)
            throws IOException {
        this.addresses = addresses;
        this.errors = errors;
        DuplicateCache duplicates = new DuplicateCache(4096, TimeUnit.MINUTES.toNanos(2));
        ConnectionTable table = new ConnectionTable(mostConnections, expelled);
        for (int i = 0; i < loopCount; i++) {
            loops.add(new EventLoop(
                    new BufferPool(bufferBytes / loopCount, addresses),
                    table,
                    executor -> new RpcDispatcher(programs.apply(executor), duplicates, errors),
                    errors));
        }
    }

    /**
     * Binds TCP and UDP.
     *
     * @param address where; port 0 stands for any port that is free for both
     * @return the port
     * @throws BindFailure when that cannot be
     */
    public int listen(InetSocketAddress address) throws IOException {
        for (int attempt = 1; true; attempt++) {
            try {
                return listenOnce(address);
            } catch (BindFailure e) {
                // The kernel chose a port that is free for TCP; for UDP somebody has it.
                if (address.getPort() != 0 || !e.taken() || attempt == MOST_PORTS) {
                    throw e;
                }
            }
        }
    }

    private int listenOnce(InetSocketAddress address) throws IOException {
        ServerSocketChannel tcp = ServerSocketChannel.open();
        DatagramChannel udp = DatagramChannel.open();
        try {
            bind(address, "TCP", () -> {
                tcp.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                tcp.bind(address, BACKLOG);
            });
            int port = ((InetSocketAddress) tcp.getLocalAddress()).getPort();
            InetSocketAddress same = new InetSocketAddress(address.getAddress(), port);
            bind(same, "UDP", () -> udp.bind(same));
        } catch (IOException e) {
            tcp.close();
            udp.close();
            throw e;
        }
        sockets.add(tcp);
        sockets.add(udp);
        EventLoop first = loops.get(0);
        Acceptor acceptor = new Acceptor(tcp);
        acceptor.key = first.watch(tcp, SelectionKey.OP_ACCEPT, acceptor);
        first.watch(udp, SelectionKey.OP_READ, new DatagramEndpoint(first, udp, addresses));
        return ((InetSocketAddress) tcp.getLocalAddress()).getPort();
    }

    private interface Binding {
        void bind() throws IOException;
    }

    private static void bind(InetSocketAddress address, String protocol, Binding binding) throws BindFailure {
        try {
            binding.bind();
        } catch (BindException e) {
            boolean taken = e.getMessage() != null && e.getMessage().contains("in use");
            throw new BindFailure(address, protocol, taken, e);
        } catch (IOException e) {
            throw new BindFailure(address, protocol, false, e);
        }
    }

    private final class Acceptor implements EventLoop.Watched {
        private final ServerSocketChannel channel;
        private SelectionKey key;

        Acceptor(ServerSocketChannel channel) {
            this.channel = channel;
        }

        /**
         * Not just the next one: a client connects for MOUNT, goes, and connects for NFS, so that with two loops in
         * turn one would get all that stay.
         */
        private EventLoop leastLoaded() {
            next = (next + 1) % loops.size();
            EventLoop least = loops.get(next);
            for (EventLoop loop : loops) {
                least = loop.load() < least.load() ? loop : least;
            }
            return least;
        }

        @Override
        public void ready() throws IOException {
            try {
                for (SocketChannel c = channel.accept(); c != null; c = channel.accept()) {
                    leastLoaded().adopt(c);
                }
            } catch (IOException e) {
                // No descriptor is free, most likely: trying again at once would only burn time.
                key.interestOps(0);
                throw e;
            }
        }

        @Override
        public void tick() {
            if (key.isValid()) {
                key.interestOps(SelectionKey.OP_ACCEPT);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /**
     * Starts the loops.
     *
     * @throws IOException when a loop's programs cannot be made
     */
    public void start() throws IOException {
        for (int i = 0; i < loops.size(); i++) {
            Thread thread = new Thread(loops.get(i), "nfs-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        for (EventLoop loop : loops) {
            try {
                loop.started().join();
            } catch (CompletionException e) {
                throw new IOException("cannot start serving: " + e.getCause().getMessage(), e.getCause());
            }
        }
    }

    /** Closes all sockets and ends the loops; waits for at most a few seconds. */
    @Override
    public void close() {
        loops.forEach(EventLoop::stop);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
        for (Thread thread : threads) {
            try {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        for (AutoCloseable socket : sockets) {
            try {
                socket.close();
            } catch (Exception e) {
                errors.accept(e);
            }
        }
    }
}
