package dev.nbroot.serve;

import dev.nbroot.system.MacAddress;

/**
 * Keeps the boot tree in step with what machines install in their views. Called on threads that serve clients, so it must
 * not wait for anything.
 */
public interface BootWatch extends AutoCloseable {
    /**
     * Tells that a machine is about to boot.
     *
     * @return whether the boot tree says already what it shall boot; otherwise that is being seen to, and is to be asked
     *     again in a moment
     */
    boolean isReady(MacAddress mac);

    /** To be called every few seconds. */
    void tick();

    @Override
    void close();

    /** {@return one for boot trees that stay as they are} */
    static BootWatch none() {
        return new BootWatch() {
            @Override
            public boolean isReady(MacAddress mac) {
                return true;
            }

            @Override
            public void tick() {
                // Nothing is watched.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }
}
