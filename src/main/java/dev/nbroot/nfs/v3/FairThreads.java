package dev.nbroot.nfs.v3;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A few threads for tasks that wait. The tasks of each address, or of whatever else asks for them, are a line of their
 * own, and the lines take turns: who has one task does not wait for all of somebody who has thousands.
 *
 * @param <T> what each thread has of its own, for its tasks to use
 */
final class FairThreads<T> {
    private record Line<T>(Object of, ArrayDeque<Consumer<T>> tasks) {}

    private final Map<Object, Line<T>> lines = new HashMap<>();
    private final ArrayDeque<Line<T>> turns = new ArrayDeque<>();
    private final Thread[] threads;
    private boolean closing;

    /**
     * Starts the threads: now, because a thread inherits its maker's identity.
     *
     * @param own makes what a thread has
     */
    FairThreads(String name, int count, Supplier<T> own) {
        threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            T mine = own.get();
            threads[i] = new Thread(() -> work(mine), name);
            threads[i].setDaemon(true);
            threads[i].start();
        }
    }

    /**
     * Runs a task on one of the threads.
     *
     * @param who whose line it waits in
     * @throws RejectedExecutionException when the threads are ending
     */
    synchronized void execute(Object who, Consumer<T> task) {
        if (closing) {
            throw new RejectedExecutionException("the server is closing");
        }
        Line<T> line = lines.get(who);
        if (line == null) {
            line = new Line<>(who, new ArrayDeque<>(2));
            lines.put(who, line);
            turns.add(line);
        }
        line.tasks().add(task);
        notify();
    }

    private void work(T mine) {
        for (Consumer<T> task = next(); task != null; task = next()) {
            try {
                task.accept(mine);
            } catch (RuntimeException | Error e) {
                // The other tasks must not suffer for it.
                Thread thread = Thread.currentThread();
                thread.getThreadGroup().uncaughtException(thread, e);
            }
        }
    }

    /** {@return the next task; null when there will be none any more} */
    private synchronized Consumer<T> next() {
        while (turns.isEmpty()) {
            if (closing) {
                return null;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                closing = true;
            }
        }
        Line<T> line = turns.remove();
        Consumer<T> task = line.tasks().remove();
        if (line.tasks().isEmpty()) {
            lines.remove(line.of());
        } else {
            turns.add(line);
        }
        return task;
    }

    /** Takes no more tasks, and ends the threads behind those that it has. */
    synchronized void shutdown() {
        closing = true;
        notifyAll();
    }

    /**
     * Waits until the threads have ended, and drops what they have not done by then.
     *
     * @param deadlineNanos until when, by System#nanoTime
     */
    void awaitEnd(long deadlineNanos) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime())));
        }
        drop();
    }

    private synchronized void drop() {
        turns.clear();
        lines.clear();
    }
}
