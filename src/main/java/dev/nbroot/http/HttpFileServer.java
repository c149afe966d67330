package dev.nbroot.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A read-only HTTP server. Nothing is bound before {@link #start}. */
public final class HttpFileServer implements AutoCloseable {
    /**
     * Limits that the JDK's server takes from system properties only, when its classes are first used (module {@code
     * jdk.httpserver}): a request must be whole after so many seconds; a connection without one is closed; there are
     * no more than so many connections; small answers are not held back (TCP_NODELAY).
     */
    private static final Map<String, String> LIMITS = Map.of(
            "sun.net.httpserver.maxReqTime", "3",
            "sun.net.httpserver.idleInterval", "30",
            "jdk.httpserver.maxConnections", "2048",
            "sun.net.httpserver.nodelay", "true");

    private static final int BACKLOG = 512;
    private static final long IDLE_THREAD_SECONDS = 30;

    /** Much for what a thread here has to do, and little for one that only waits for the rest of a request. */
    private static final int STACK_BYTES = 256 * 1024;

    private final HttpSettings settings;
    private final HttpFiles files;
    private final HttpListener listener;
    private final Sending sending;
    private final Map<InetAddress, Integer> open = new ConcurrentHashMap<>();
    private final Semaphore turns;
    private HttpServer server;
    private ThreadPoolExecutor workers;
    private ScheduledExecutorService clock;

    /**
     * Makes a server.
     *
     * @param files decides what a path means
     * @param listener is told the end of every request
     */
    public HttpFileServer(HttpSettings settings, HttpFiles files, HttpListener listener) {
        this.settings = settings;
        this.files = files;
        this.listener = listener;
        this.sending = new Sending(settings.patience().toNanos());
        this.turns = new Semaphore(settings.requests(), true);
    }

    /**
     * Binds and begins to serve.
     *
     * @throws java.net.BindException when the address cannot be bound; then nothing is
     */
    public synchronized void start() throws IOException {
        LIMITS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
        server = HttpServer.create(settings.address(), BACKLOG);
        // The JDK's server reads a request on the thread that is to answer it, and half a request has that thread for
        // as
        // long as one may take. So there are as many as connections; turns are for whole requests only.
        workers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_THREAD_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> daemon(task, "http"));
        clock = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "http-clock"));
        long tick = Math.max(1, settings.patience().toMillis() / 4);
        clock.scheduleWithFixedDelay(sending::giveUpTheStuck, tick, tick, TimeUnit.MILLISECONDS);
        server.setExecutor(workers);
        server.createContext("/", this::serve);
        server.start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(null, task, name, STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }

    /** {@return the bound address with its real port} */
    public synchronized InetSocketAddress address() {
        return server.getAddress();
    }

    private void serve(HttpExchange exchange) {
        InetAddress client = exchange.getRemoteAddress().getAddress();
        int now = open.merge(client, 1, Integer::sum);
        try (exchange) {
            Exchange one = new Exchange(exchange, sending);
            listener.ended(now > settings.perClient() ? one.refuseForNow() : answer(one));
        } finally {
            open.computeIfPresent(client, (who, count) -> count == 1 ? null : count - 1);
        }
    }

    private HttpTransfer answer(Exchange exchange) {
        if (exchange.hasBody()) {
            // The JDK's server waits for it behind the answer.
            return exchange.refuseBody();
        }
        turns.acquireUninterruptibly();
        try {
            return exchange.answer(files);
        } finally {
            turns.release();
        }
    }

    /** Ends every transfer and closes the sockets. Does nothing the second time. */
    @Override
    public synchronized void close() {
        if (server != null) {
            clock.shutdownNow();
            server.stop(0);
            workers.shutdownNow();
            server = null;
        }
    }
}
