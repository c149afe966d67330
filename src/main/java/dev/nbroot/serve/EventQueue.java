package dev.nbroot.serve;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import java.util.ArrayDeque;

/**
 * Hands events on from a thread of its own, so that no server waits for whoever reads the output: a pipe that nobody
 * reads holds up its writer for ever. Bounded: what comes while too many wait is dropped, counted, and the count told.
 *
 * <p>The thread starts with the queue: a thread inherits its maker's identity, and servers act as their clients' users.
 */
final class EventQueue implements Events, AutoCloseable {
    /** How many events may wait, about 2 MB of them. */
    static final int MOST = 8192;

    private static final long CLOSE_MILLIS = 2_000;

    private final Events target;
    private final ArrayDeque<Event> waiting = new ArrayDeque<>();
    private final Thread thread;
    private long dropped;
    private boolean closing;

    /**
     * Makes a queue and starts its thread.
     *
     * @param target may block for as long as it likes; what it throws goes to the thread's uncaught-exception handler
     */
    EventQueue(Events target) {
        this.target = target;
        this.thread = new Thread(this::handOn, "serve-events");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized void on(Event event) {
        // Once it was full it takes nothing until half of it is gone: else the count would be told line by line.
        if (waiting.size() >= (dropped > 0 ? MOST / 2 : MOST)) {
            dropped++;
            return;
        }
        tellDropped();
        waiting.add(event);
        notifyAll();
    }

    private void tellDropped() {
        if (dropped > 0) {
            String text = dropped + (dropped == 1 ? " line is" : " lines are")
                    + " not shown: what nbroot prints is not read fast enough";
            waiting.add(new Event.Notice(Event.Level.WARNING, text));
            dropped = 0;
        }
    }

    private void handOn() {
        for (Event next = next(); next != null; next = next()) {
            try {
                target.on(next);
            } catch (RuntimeException e) {
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        }
    }

    /** {@return what is to be handed on next; null when the queue is closed and empty} */
    private synchronized Event next() {
        if (waiting.isEmpty()) {
            tellDropped();
        }
        while (waiting.isEmpty()) {
            if (closing) {
                return null;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread; it ends when the queue is closed.
                closing = true;
            }
        }
        return waiting.remove();
    }

    /** Hands on what waits; gives up after two seconds when nobody reads it. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
