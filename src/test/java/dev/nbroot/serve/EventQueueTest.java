package dev.nbroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way of a server's lines to an output that may not be read. */
@Timeout(30)
class EventQueueTest {
    private final List<String> shown = new CopyOnWriteArrayList<>();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    private static Event line(int number) {
        return new Event.Notice(Event.Level.INFO, "line " + number);
    }

    private void show(Event event) {
        shown.add(((Event.Notice) event).text());
    }

    /** An output that nobody reads until {@link #go}. */
    private void showLater(Event event) {
        blocked.countDown();
        try {
            assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        show(event);
    }

    private static List<String> lines(int from, int to) {
        List<String> lines = new ArrayList<>();
        for (int i = from; i < to; i++) {
            lines.add("line " + i);
        }
        return lines;
    }

    @Test
    void showsAllInOrderBeforeItIsClosed() {
        try (EventQueue queue = new EventQueue(this::show)) {
            for (int i = 0; i < 5000; i++) {
                queue.on(line(i));
            }
        }
        assertThat(shown).isEqualTo(lines(0, 5000));
    }

    @Test
    void anOutputThatIsNotReadHoldsNobodyUp() throws InterruptedException {
        int all = EventQueue.MOST + 1;
        try (EventQueue queue = new EventQueue(this::showLater)) {
            queue.on(line(0));
            assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
            for (int i = 1; i < all + 500; i++) {
                queue.on(line(i));
            }
            go.countDown();
            while (shown.size() <= all) {
                Thread.sleep(5);
            }
            queue.on(line(777_777));
        }
        List<String> wanted = lines(0, all);
        wanted.add("500 lines are not shown: what nbroot prints is not read fast enough");
        wanted.add("line 777777");
        assertThat(shown).isEqualTo(wanted);
    }

    @Test
    void tellsTheCountOnceAndNotBetweenAnyTwoLines() throws InterruptedException {
        try (EventQueue queue = new EventQueue(this::showLater)) {
            queue.on(line(0));
            assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
            for (int i = 1; i < 3 * EventQueue.MOST; i++) {
                queue.on(line(i));
            }
            go.countDown();
            for (int i = 0; i < 20_000; i++) {
                queue.on(line(1_000_000));
            }
        }
        long counted = shown.stream()
                .filter(text -> text.contains("not shown"))
                .mapToLong(text -> Long.parseLong(text.split(" ")[0]))
                .sum();
        long lines = shown.stream().filter(text -> text.startsWith("line")).count();
        assertThat(lines + counted).isEqualTo(3L * EventQueue.MOST + 20_000);
        assertThat(shown).filteredOn(text -> text.contains("not shown")).hasSizeBetween(1, 20);
    }

    @Test
    void closesAlsoWhileNobodyReads() throws InterruptedException {
        EventQueue queue = new EventQueue(this::showLater);
        queue.on(line(0));
        assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
        long start = System.nanoTime();
        queue.close();
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
        assertThat(shown).isEmpty();
        go.countDown();
    }

    @Test
    void anOutputThatFailsDoesNotEndTheQueue() {
        try (EventQueue queue = new EventQueue(event -> {
            show(event);
            if (shown.size() == 1) {
                Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> shown.add(e.getMessage()));
                throw new IllegalStateException("broken");
            }
        })) {
            queue.on(line(0));
            queue.on(line(1));
        }
        assertThat(shown).containsExactly("line 0", "broken", "line 1");
    }
}
