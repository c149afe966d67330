package dev.nbroot.http;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Where to listen, and how much clients may have.
 *
 * @param address one address; port 0 takes a free one
 * @param requests how many are worked on at once, 1 or more; more wait for their turn
 * @param perClient how many one address may have open, 1 or more; more get 503
 * @param patience who does not take 16 KiB in this time is given up; at least a second
 */
public record HttpSettings(InetSocketAddress address, int requests, int perClient, Duration patience) {
    private static final int REQUESTS = 512;
    private static final int PER_CLIENT = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** {@return what does for some hundred machines that boot at once} */
    public static HttpSettings on(InetSocketAddress address) {
        return new HttpSettings(address, REQUESTS, PER_CLIENT, PATIENCE);
    }
}
