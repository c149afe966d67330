package dev.nbroot.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends bodies, and gives up those that nobody takes: the JDK's server waits for a client for ever, or kills by the whole
 * time of a response, in which a large file may be slow and well.
 */
final class Sending {
    /** Small, since the JDK's server keeps three times as much for each response. */
    static final int CHUNK = 16 * 1024;

    private final long patienceNanos;
    private final Set<Body> bodies = ConcurrentHashMap.newKeySet();

    Sending(long patienceNanos) {
        this.patienceNanos = patienceNanos;
    }

    /** One response at work. */
    final class Body {
        private final HttpExchange exchange;
        private volatile long sent;
        private volatile long movedAt = System.nanoTime();
        private volatile boolean givenUp;

        private Body(HttpExchange exchange) {
            this.exchange = exchange;
        }

        /** {@return bytes that were handed to the kernel} */
        long sent() {
            return sent;
        }

        /** {@return whether it was given up because the client took nothing} */
        boolean isGivenUp() {
            return givenUp;
        }

        /** Sends; throws when the client is gone, or was given up. */
        void send(HttpContent content, ByteRange range) throws IOException {
            // Before, it may have waited for its turn.
            movedAt = System.nanoTime();
            bodies.add(this);
            try (OutputStream out = exchange.getResponseBody()) {
                byte[] bytes = new byte[CHUNK];
                while (sent < range.length()) {
                    ByteBuffer chunk = ByteBuffer.wrap(bytes, 0, (int) Math.min(CHUNK, range.length() - sent));
                    int count = read(content, chunk, range.first() + sent);
                    out.write(bytes, 0, count);
                    sent += count;
                    movedAt = System.nanoTime();
                }
            } finally {
                bodies.remove(this);
            }
        }

        private static int read(HttpContent content, ByteBuffer chunk, long at) throws ReadFailure {
            try {
                int count = content.read(chunk, at);
                if (count < 1) {
                    throw new IOException("the file became shorter");
                }
                return count;
            } catch (IOException e) {
                throw new ReadFailure(e);
            }
        }

        private void giveUpAfterPatience(long now) {
            if (now - movedAt > patienceNanos) {
                givenUp = true;
                // Closes the connection, which wakes the thread that writes to it.
                exchange.close();
            }
        }
    }

    /** The file could not be read: not the client's doing. */
    static final class ReadFailure extends IOException {
        private static final long serialVersionUID = 1L;

        ReadFailure(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    Body begin(HttpExchange exchange) {
        return new Body(exchange);
    }

    /** To be called every now and then. */
    void giveUpTheStuck() {
        long now = System.nanoTime();
        bodies.forEach(body -> body.giveUpAfterPatience(now));
    }
}
