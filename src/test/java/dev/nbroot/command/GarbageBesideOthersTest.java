package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.client.RealContents;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.HeldGeneration;
import dev.nbroot.state.SampleState;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.StateLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds, rollbacks, clones and stages while gc runs without a pause, each as its command takes locks and leaves notes. */
class GarbageBesideOthersTest {
    private static final long MILLIS = 1500;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    private Path temporary;

    private final AtomicInteger dropped = new AtomicInteger();
    private final AtomicInteger cloned = new AtomicInteger();
    private final AtomicInteger staged = new AtomicInteger();
    private SampleState state;
    private StateDirectory directory;
    private StageBootTree stage;

    @Test
    void nothingThatSomebodyNeedsIsEverMissing() throws Exception {
        state = new SampleState(temporary.resolve("state"));
        directory = state.directory();
        state.publish("bookworm");
        Path program = Files.writeString(temporary.resolve("pxelinux.0"), "the program");
        Path library = Files.writeString(temporary.resolve("ldlinux.c32"), "the library");
        stage = new StageBootTree(
                directory,
                any -> new PxelinuxLoader(program, library),
                RealContents.ground(),
                Events.none(),
                Clock.systemUTC());
        long end = System.nanoTime() + MILLIS * 1_000_000;
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<Void>> all = new ArrayList<>();
            for (Runnable work :
                    List.<Runnable>of(this::build, this::rollBack, this::cloneOne, this::stageAll, this::gc)) {
                all.add(threads.submit(again(work, end)));
            }
            for (Future<Void> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        // Whether something could be dropped meanwhile is chance: all may have been staged or cloned.
        int meanwhile = dropped.get();
        build();
        build();
        build();
        gc();
        stageAll();
        assertThat(dropped.get()).isGreaterThan(meanwhile);
        assertThat(cloned.get()).isPositive();
        assertThat(staged.get()).isPositive();
        for (ClientRecord client : state.files().clients()) {
            Generation generation = directory.generation(client.root(), client.generation());
            assertThat(generation.kernel())
                    .as("what " + client.hostname() + " lies over")
                    .exists();
        }
        assertThat(new Generations(directory).require("bookworm").kernel()).exists();
    }

    /** As those who type the commands do: when another one is at work, they try again. */
    private static Callable<Void> again(Runnable work, long end) {
        return () -> {
            while (System.nanoTime() < end) {
                try {
                    work.run();
                } catch (Failure failure) {
                    if (failure.kind() != FailureKind.LOCKED) {
                        throw failure;
                    }
                }
            }
            return null;
        };
    }

    private void build() {
        StateLock lock = StateLock.await(directory.lock("root-bookworm"), "root bookworm", PATIENCE);
        try {
            state.publish("bookworm");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.close();
        }
    }

    private void rollBack() {
        if (new Generations(directory).all("bookworm").size() > 3) {
            try {
                new RollBack(directory, stage, Events.none()).run(new RollbackRequest("bookworm", Optional.empty()));
            } catch (Failure failure) {
                // It may have become the oldest meanwhile.
                if (failure.kind() != FailureKind.USAGE) {
                    throw failure;
                }
            }
        }
    }

    private void cloneOne() {
        Generation generation = new Generations(directory).require("bookworm");
        try {
            HeldGeneration.during(directory, generation, () -> write(generation));
        } catch (Failure failure) {
            // Another one became current and this one was dropped, before it could be held.
            if (!failure.getMessage().endsWith("does not exist")) {
                throw failure;
            }
        }
    }

    private int write(Generation generation) {
        int number = cloned.get() % 20 + 1;
        MacAddress mac = MacAddress.parse(String.format("52:54:00:00:00:%02x", number));
        try {
            Files.createDirectories(directory.client(mac));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        state.files()
                .write(
                        directory.client(mac),
                        new ClientRecord(
                                mac,
                                "bookworm",
                                generation.number(),
                                "node" + number,
                                "0123456789abcdef0123456789abcdef",
                                ClientMode.PERSISTENT,
                                Optional.empty(),
                                OptionalInt.empty(),
                                "2026-01-01T00:00:00Z"));
        return cloned.incrementAndGet();
    }

    private void stageAll() {
        stage.run(StageRequest.of(List.of(), temporary.resolve("tftp"), "10.0.0.1", Optional.empty()));
        staged.incrementAndGet();
    }

    private void gc() {
        GcOutcome outcome = new CollectGarbage(directory, tree -> 1, Events.none(), Clock.systemUTC())
                .run(new GcRequest(false, 1, Duration.ofDays(30), OptionalLong.empty()));
        dropped.addAndGet(outcome.dropped().size());
    }
}
