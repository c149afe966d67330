package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.lab.SecureShell;
import dev.nbroot.lab.VirtualMachine;
import dev.nbroot.system.Commands;
import java.time.Duration;

/** One booted machine, as somebody works on it. */
record Machine(VirtualMachine hardware, SecureShell shell, String login) {
    /** ssh(1): what it fails with itself. A busy machine may not answer in time. */
    private static final int OF_SSH = 255;

    void awaitLogin(Duration atMost) throws InterruptedException {
        long giveUp = System.nanoTime() + atMost.toNanos();
        while (!shell.canLogIn(login)) {
            assertThat(hardware.isOn()
                            && System.nanoTime() < giveUp
                            && !hardware.serialText().contains("Kernel panic"))
                    .as("%s lets us in; its last lines: %s", login, hardware.lastLines(40))
                    .isTrue();
            Thread.sleep(1000);
        }
    }

    /**
     * Waits until the console says something.
     *
     * @param seen how many characters of the console do not count, because they were there before
     */
    void awaitConsole(int seen, String text, Duration atMost) throws InterruptedException {
        long giveUp = System.nanoTime() + atMost.toNanos();
        while (!hardware.serialText().substring(seen).contains(text)) {
            assertThat(hardware.isOn() && System.nanoTime() < giveUp)
                    .as("%s says \"%s\" on its console; its last lines: %s", login, text, hardware.lastLines(40))
                    .isTrue();
            Thread.sleep(500);
        }
    }

    String says(String command) {
        return says(command, Duration.ofMinutes(5));
    }

    String says(String command, Duration atMost) {
        Commands.Result result = shell.run(login, command, atMost);
        for (int i = 0; i < 5 && result.status() == OF_SSH && hardware.isOn(); i++) {
            result = shell.run(login, command, atMost);
        }
        assertThat(result.status())
                .as("%s: %s: %s", login, command, result.text())
                .isZero();
        return result.text();
    }

    /**
     * As {@link #says(String)}, but asks again while the machine does not answer, as when it waits for its server or for
     * a busy host; for what may be done twice.
     */
    String saysAtLast(String command, Duration atMost) throws InterruptedException {
        long giveUp = System.nanoTime() + atMost.toNanos();
        Commands.Result result = shell.run(login, command);
        while (result.status() == 255) {
            assertThat(hardware.isOn() && System.nanoTime() < giveUp)
                    .as("%s answers: %s; its last lines: %s", login, command, hardware.lastLines(40))
                    .isTrue();
            Thread.sleep(1000);
            result = shell.run(login, command);
        }
        assertThat(result.status())
                .as("%s: %s: %s", login, command, result.text())
                .isZero();
        return result.text();
    }

    boolean fails(String command) {
        return shell.run(login, command).status() != 0;
    }

    void reboot(Duration atMost) throws InterruptedException {
        String before = says("cat /proc/sys/kernel/random/boot_id");
        shell.run(login, "sudo systemctl reboot");
        long giveUp = System.nanoTime() + atMost.toNanos();
        while (shell.run(login, "grep -v " + before + " /proc/sys/kernel/random/boot_id")
                        .status()
                != 0) {
            assertThat(hardware.isOn() && System.nanoTime() < giveUp)
                    .as("%s comes up again; its last lines: %s", login, hardware.lastLines(40))
                    .isTrue();
            Thread.sleep(1000);
        }
    }

    void powerOff() {
        shell.run(login, "sudo systemctl poweroff");
        assertThat(hardware.awaitOff(Duration.ofMinutes(10)))
                .as("%s switches itself off; its last lines: %s", login, hardware.lastLines(40))
                .isTrue();
        assertThat(hardware.serialText()).contains("Power down");
    }
}
