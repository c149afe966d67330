package dev.nbroot.lab;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Commands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Waits until a machine lets us in, with evidence: a login over SSH, or else a login prompt on its serial line.
 *
 * @param login as in {@code root@10.0.0.7}
 */
public record LoginWatch(VirtualMachine machine, BootTimeline timeline, SecureShell shell, String login) {
    private static final int LINES_SHOWN = 25;
    private static final Duration SSH_AFTER_PROMPT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 500;
    private static final int MOST_TRIES = 10;

    /**
     * Waits.
     *
     * @param atMost how long the machine may take to come up
     * @return how we know that it did, one sentence
     * @throws Failure of kind {@code FAILED} when it does not: with the stage it stopped at and its last lines
     */
    public String await(Duration atMost) {
        long giveUp = System.nanoTime() + atMost.toNanos();
        while (machine.isOn() && System.nanoTime() < giveUp) {
            boolean hasRoot = timeline.last().compareTo(BootStage.IMAGE) >= 0;
            if (hasRoot
                    && timeline.last() != BootStage.PROMPT
                    && machine.serialText().contains("login:")) {
                timeline.reach(BootStage.PROMPT);
                giveUp = Math.min(giveUp, System.nanoTime() + SSH_AFTER_PROMPT.toNanos());
            }
            if (hasRoot && shell.canLogIn(login)) {
                timeline.reach(BootStage.LOGIN);
                return "logged in over SSH: " + facts();
            }
            pause();
        }
        if (machine.isOn() && timeline.last() == BootStage.PROMPT) {
            return "login prompt on the serial line";
        }
        throw stuck(atMost);
    }

    /** A machine that is still busy with its boot may not answer the second connection in a row in time. */
    private String facts() {
        String command = "echo $(hostname), Linux $(uname -r), / is $(findmnt -no FSTYPE /)";
        Commands.Result result = shell.run(login, command);
        for (int tries = 1; result.status() != 0 && tries < MOST_TRIES; tries++) {
            pause();
            result = shell.run(login, command);
        }
        return result.text();
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.of(FailureKind.INTERRUPTED, "interrupted", "");
        }
    }

    private Failure stuck(Duration atMost) {
        String how = machine.isOn() ? "did not get further within " + atMost.toSeconds() + " s" : "switched itself off";
        List<String> details = new ArrayList<>();
        for (BootTimeline.Reached reached : timeline.reached()) {
            details.add(String.format(
                    Locale.ROOT,
                    "%7.1f s  %s",
                    reached.after().toMillis() / 1000.0,
                    reached.stage().title()));
        }
        details.add("its last lines:");
        details.addAll(machine.lastLines(LINES_SHOWN));
        return Failure.of(
                        FailureKind.FAILED,
                        "the machine came to '" + timeline.last().title() + "' and " + how,
                        timeline.last().whatIsMissing())
                .withDetails(details);
    }
}
