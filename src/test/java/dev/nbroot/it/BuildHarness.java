package dev.nbroot.it;

import dev.nbroot.build.Host;
import dev.nbroot.command.BuildOutcome;
import dev.nbroot.command.BuildRequest;
import dev.nbroot.command.BuildRoot;
import dev.nbroot.profile.ProfileReader;
import dev.nbroot.release.BootContract;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The wiring of {@code nbroot build} without the command line; as a program, something that a test can kill. */
public final class BuildHarness {
    private BuildHarness() {}

    /** {@return the use case over one state directory, wired as the program does it} */
    public static BuildRoot over(Path state, Events events) {
        return new BuildRoot(
                new StateDirectory(state),
                new ProfileReader(Path.of("/root")),
                new BootContract(),
                Host.real(),
                new LinuxNamespaces(),
                LinuxCommands::new,
                events,
                "test");
    }

    /**
     * Builds a small profile, or a profile.
     *
     * @param args the state directory, and a suite or a profile's file
     */
    public static void main(String[] args) throws IOException {
        Events events = event -> {
            if (event instanceof Event.StepStarted
                    || event instanceof Event.StepFinished
                    || event instanceof Event.Notice) {
                System.out.println(event);
            }
        };
        try {
            BuildRoot build = over(Path.of(args[0]), events);
            BuildOutcome outcome = args[1].endsWith(".yaml")
                    ? build.perform(new BuildRequest(Path.of(args[1]), List.of(), false, false))
                    : build.perform(Profiles.with(Files.createTempDirectory("nbroot-"), args[1], ""), false, false);
            System.out.println(outcome);
        } catch (Failure failure) {
            System.out.println(failure.kind() + ": " + failure.getMessage());
            System.out.println("hint: " + failure.hint());
            failure.details().forEach(System.out::println);
            System.exit(failure.kind().status());
        }
    }
}
