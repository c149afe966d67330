package dev.nbroot.command;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.serve.BootWatch;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.MacAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Stages the kernels that machines install, while a server runs: a few seconds after a machine's files have come to rest,
 * and at once when it boots. What happened while no server ran is seen at the first look. A client whose
 * menu is not of what it is to boot, because what made or moved it was killed before it could stage, is staged likewise.
 */
public final class KernelFollower implements BootWatch {
    private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Of a machine whose menu is right and that has no kernel of its own. */
    private static final String NOTHING = "\n";

    private final StateFiles files;
    private final InstalledKernels kernels;
    private final StageBootTree stage;
    private final Events events;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "kernels");
        thread.setDaemon(true);
        return thread;
    });
    /** What was the case at the last look that ended. */
    private final Map<MacAddress, String> settled = new HashMap<>();
    /** What was the case at the last tick. */
    private final Map<MacAddress, String> seen = new HashMap<>();

    private final LongSupplier nanoClock;
    /** When a look or a staging failed last, by that clock. */
    private final Map<MacAddress, Long> failed = new HashMap<>();

    /** Why, as it was told: what stays so is not told again at each attempt. */
    private final Map<MacAddress, String> told = new HashMap<>();

    private OptionalLong stagingFailed = OptionalLong.empty();

    private final Set<MacAddress> queued = new HashSet<>();
    private boolean staged;

    /** Follows the machines of one state directory. */
    public KernelFollower(StateFiles files, InstalledKernels kernels, StageBootTree stage, Events events) {
        this(files, kernels, stage, events, System::nanoTime);
    }

    KernelFollower(
            StateFiles files, InstalledKernels kernels, StageBootTree stage, Events events, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.files = files;
        this.kernels = kernels;
        this.stage = stage;
        this.events = events;
    }

    @Override
    public boolean isReady(MacAddress mac) {
        try {
            Optional<ClientRecord> client = files.client(mac);
            if (client.isEmpty()) {
                return true;
            }
            String stamp = stamp(client.get(), stage.menus());
            if (isSettled(mac, stamp)) {
                kernels.remind(client.get());
                return true;
            }
            if (hasJustFailed(mac)) {
                return true;
            }
            queue(client.get());
            return false;
        } catch (Failure failure) {
            // Whatever is wrong with it, stage says so; the machine gets what there is.
            return true;
        }
    }

    @Override
    public void tick() {
        StagedMenus menus;
        try {
            menus = stage.menus();
        } catch (Failure failure) {
            // Nothing can be staged then, and each command that stages says why.
            return;
        }
        for (Path file : files.clientFiles()) {
            try {
                look(files.client(file), menus);
            } catch (Failure failure) {
                // Said where it is served.
                continue;
            }
        }
    }

    private void look(ClientRecord client, StagedMenus menus) {
        String stamp = stamp(client, menus);
        if (!isSettled(client.mac(), stamp)
                && !hasJustFailed(client.mac())
                && stamp.equals(seen(client.mac(), stamp))) {
            queue(client);
        }
    }

    /** {@return what is another text when the boot tree may have to change for a machine; {@link #NOTHING} when it need not} */
    private String stamp(ClientRecord client, StagedMenus menus) {
        return stamp(menus.behind(client), kernel(client));
    }

    private static String stamp(String behind, String kernel) {
        return behind + "\n" + kernel;
    }

    private String kernel(ClientRecord client) {
        return client.mode() == ClientMode.PERSISTENT ? kernels.stamp(client) : "";
    }

    private synchronized String seen(MacAddress mac, String now) {
        return seen.put(mac, now);
    }

    private synchronized boolean isSettled(MacAddress mac, String stamp) {
        return !failed.containsKey(mac) && stamp.equals(settled.getOrDefault(mac, NOTHING));
    }

    private synchronized boolean hasJustFailed(MacAddress mac) {
        Long when = failed.get(mac);
        return hasJustFailed() || when != null && nanoClock.getAsLong() - when < AGAIN_NANOS;
    }

    private synchronized void queue(ClientRecord client) {
        if (queued.add(client.mac())) {
            try {
                worker.execute(() -> settle(client));
            } catch (RejectedExecutionException endOfService) {
                queued.remove(client.mac());
            }
        }
    }

    private void settle(ClientRecord client) {
        try {
            if (hasJustFailed()) {
                done(client.mac(), Optional.empty());
                return;
            }
            String kernel = kernel(client);
            String behind = stage.menus().behind(client);
            Optional<Failure> unseen = Optional.empty();
            boolean changed = false;
            try {
                changed = kernels.look(client);
            } catch (Failure failure) {
                // A menu that names another generation than the machine's root is of is worse than an old kernel.
                unseen = Optional.of(failure);
            }
            if (changed || !staged || !behind.isEmpty()) {
                behind = restage(client, behind);
            }
            if (unseen.isPresent()) {
                throw unseen.get();
            }
            done(client.mac(), Optional.of(stamp(behind, kernel)));
        } catch (Failure failure) {
            if (failure.kind() != FailureKind.INTERRUPTED && isNews(client.mac(), failure.getMessage())) {
                events.on(new Event.Notice(
                        Event.Level.WARNING,
                        client.hostname() + " boots what it booted before: " + failure.getMessage()
                                + (failure.hint().isEmpty() ? "" : "; try: " + failure.hint())));
            }
            done(client.mac(), Optional.empty());
        } catch (RuntimeException | Error e) {
            done(client.mac(), Optional.empty());
            throw e;
        }
    }

    /** {@return what the client's menu is behind afterwards} */
    private String restage(ClientRecord client, String behind) {
        // Once at the beginning: who noted the last change may have been killed before it was staged.
        staged = false;
        try {
            Optional<StageOutcome> outcome = stage.restage();
            staged = true;
            stagingFailed(false);
            // What could not be put into a menu was told by who stages, and stays as it is.
            return outcome.filter(done -> done.has(client)).isPresent() ? "" : behind;
        } catch (Failure failure) {
            stagingFailed(true);
            throw failure;
        }
    }

    private synchronized void stagingFailed(boolean now) {
        stagingFailed = now ? OptionalLong.of(nanoClock.getAsLong()) : OptionalLong.empty();
    }

    /** {@return whether the boot tree could not be staged a moment ago, which would be no better for another machine} */
    private synchronized boolean hasJustFailed() {
        return stagingFailed.isPresent() && nanoClock.getAsLong() - stagingFailed.getAsLong() < AGAIN_NANOS;
    }

    private synchronized boolean isNews(MacAddress mac, String why) {
        return !why.equals(told.put(mac, why));
    }

    /** @param stamp what is settled now; empty: nothing, it is tried again */
    private synchronized void done(MacAddress mac, Optional<String> stamp) {
        if (stamp.isPresent()) {
            settled.put(mac, stamp.get());
            failed.remove(mac);
            told.remove(mac);
        } else {
            failed.put(mac, nanoClock.getAsLong());
        }
        queued.remove(mac);
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
