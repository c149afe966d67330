package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.AttendedCommands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.OverlayMount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is done to a copy of a generation, of which the next one is made. */
public sealed interface RootWork {
    /** {@return a view that is taken for the copy, instead of the generation itself} */
    default Optional<OverlayMount> view() {
        return Optional.empty();
    }

    /**
     * Does it.
     *
     * @throws Failure when it does not end well; then no generation is made
     */
    void perform(BuildSite site, StepClock clock);

    /**
     * A person's command, or a shell.
     *
     * @param argv the command; empty means a shell
     * @param prompt what a shell's prompt shows, as in {@code bookworm/4}
     * @param talking see {@link AttendedCommands#run}
     * @param commands runs it
     */
    record Attended(List<String> argv, String prompt, boolean talking, AttendedCommands commands) implements RootWork {
        /** Copies the list. */
        public Attended {
            argv = List.copyOf(argv);
        }

        @Override
        public void perform(BuildSite site, StepClock clock) {
            int status = commands.run(command(site, "No"), talking);
            if (status != 0) {
                throw Failure.of(
                        FailureKind.COMMAND,
                        (argv.isEmpty() ? "the shell" : argv.get(0)) + " ended with exit status " + status
                                + ": nothing of what was done is kept",
                        argv.isEmpty() ? "leave the shell with 'exit 0' to keep it" : "");
            }
        }

        /**
         * {@return its exit status, as of work on a machine itself} Nobody makes the initrd of a kernel afterwards that it
         * installs there, so the kernel's package does.
         */
        int onMachine(BuildSite site) {
            return commands.run(command(site, "Yes"), talking);
        }

        /** @param initrd whether kernel packages make one, as their hooks ask for it */
        private Invocation command(BuildSite site, String initrd) {
            List<String> command = argv.isEmpty() ? List.of(shell(site)) : argv;
            // Debian's own shell settings show it in the prompt.
            return site.attended(AptSettings.apply(Invocation.of(command))
                    .with("INITRD", initrd)
                    .with("debian_chroot", prompt));
        }

        private static String shell(BuildSite site) {
            return Files.isExecutable(site.file("/bin/bash")) ? "/bin/bash" : "/bin/sh";
        }
    }

    /** All packages as the archives have them now. */
    record Upgrade() implements RootWork {
        @Override
        public void perform(BuildSite site, StepClock clock) {
            clock.run("lists", "Fetch the package lists", () -> apt(site, "update"));
            clock.run("upgrade", "Upgrade the packages", () -> apt(site, "full-upgrade"));
        }

        private static void apt(BuildSite site, String verb) {
            // Otherwise a list that cannot be fetched is only a warning, and nothing would be found to upgrade.
            site.chroot(AptSettings.apply(Invocation.of("apt-get", "-o", "APT::Update::Error-Mode=any", verb)));
        }
    }

    /**
     * A machine's view becomes a root for all.
     *
     * @param layers the machine's view
     * @param base the tree of the generation below it
     * @param machineId the machine's
     */
    record Promote(OverlayMount layers, Path base, String machineId) implements RootWork {
        @Override
        public Optional<OverlayMount> view() {
            return Optional.of(layers);
        }

        @Override
        public void perform(BuildSite site, StepClock clock) {
            clock.run(
                    "anonymous", "Take the machine's identity out", () -> new Anonymous(base, machineId).perform(site));
        }
    }
}
