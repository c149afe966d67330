package dev.nbroot.nfs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A well-behaved client that asks for attributes all the time, on connections of its own. */
final class Watcher extends Thread {
    private static final int PAUSE_MILLIS = 5;
    private static final int CALLS_PER_CONNECTION = 200;

    private final int port;
    private final String source;
    private final byte[] handle;
    private final List<Long> micros = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean stopping;
    private volatile IOException problem;
    private volatile int reconnects;

    /**
     * Makes a watcher.
     *
     * @param source the address it calls from
     */
    Watcher(int port, String source, byte[] handle) {
        super("watcher");
        this.port = port;
        this.source = source;
        this.handle = handle;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            while (!stopping) {
                try (RawClient client = new RawClient(port, source)) {
                    for (int i = 0; i < CALLS_PER_CONNECTION && !stopping; i++) {
                        long start = System.nanoTime();
                        if (client.getattrStatus(handle) != 0) {
                            throw new IOException("GETATTR of the root failed");
                        }
                        micros.add((System.nanoTime() - start) / 1000);
                        Thread.sleep(PAUSE_MILLIS);
                    }
                }
                reconnects++;
            }
        } catch (IOException e) {
            problem = e;
        } catch (InterruptedException e) {
            interrupt();
        }
    }

    /** Ends it. {@return the latencies of its calls in microseconds, sorted} */
    List<Long> end() throws IOException, InterruptedException {
        stopping = true;
        join();
        if (problem != null) {
            throw new IOException("the watcher was not served after " + micros.size() + " calls", problem);
        }
        List<Long> sorted = new ArrayList<>(micros);
        Collections.sort(sorted);
        return sorted;
    }

    /** {@return a sentence about latencies} */
    static String describe(List<Long> sorted) {
        int n = sorted.size();
        return n + " calls, median " + sorted.get(n / 2) + " µs, 99.9 % " + sorted.get((int) (n * 0.999)) + " µs, most "
                + sorted.get(n - 1) + " µs";
    }
}
