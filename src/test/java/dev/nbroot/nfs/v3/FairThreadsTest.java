package dev.nbroot.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FairThreadsTest {
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final CountDownLatch go = new CountDownLatch(1);

    private void add(FairThreads<Integer> threads, String who, int tasks) {
        for (int i = 0; i < tasks; i++) {
            String name = who + i;
            threads.execute(who, mine -> done.add(name));
        }
    }

    private FairThreads<Integer> heldUp(int count) {
        AtomicInteger made = new AtomicInteger();
        FairThreads<Integer> threads = new FairThreads<>("test", count, made::incrementAndGet);
        CountDownLatch held = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            threads.execute("held" + i, mine -> {
                held.countDown();
                await(go);
            });
        }
        await(held);
        return threads;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void end(FairThreads<Integer> threads) throws InterruptedException {
        go.countDown();
        threads.shutdown();
        threads.awaitEnd(System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
    }

    @Test
    void whoAsksForMuchWaitsForWhoAsksForLittle() throws InterruptedException {
        FairThreads<Integer> threads = heldUp(1);
        add(threads, "greedy", 100);
        add(threads, "modest", 2);
        add(threads, "late", 1);
        end(threads);
        assertThat(done).hasSize(103).startsWith("greedy0", "modest0", "late0", "greedy1", "modest1", "greedy2");
        assertThat(done.subList(5, 103)).allMatch(name -> name.startsWith("greedy"));
        assertThat(done.get(102)).isEqualTo("greedy99");
    }

    @Test
    void everyTaskRunsOnceWithItsThreadsOwn() throws InterruptedException {
        FairThreads<Integer> threads = heldUp(3);
        AtomicInteger sum = new AtomicInteger();
        for (int i = 0; i < 300; i++) {
            threads.execute(i % 7, mine -> sum.addAndGet(mine > 0 && mine <= 3 ? 1 : 1000));
        }
        end(threads);
        assertThat(sum).hasValue(300);
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> threads.execute("late", mine -> {}));
    }

    @Test
    void aTaskThatFailsHoldsUpNobody() throws InterruptedException {
        FairThreads<Integer> threads = heldUp(1);
        threads.execute("bad", mine -> {
            throw new IllegalStateException("a task that is meant to fail");
        });
        add(threads, "good", 1);
        end(threads);
        assertThat(done).containsExactly("good0");
    }
}
