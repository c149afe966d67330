package dev.nbroot.it;

import dev.nbroot.client.RealContents;
import dev.nbroot.command.BuildRequest;
import dev.nbroot.command.BuildRoot;
import dev.nbroot.command.LockProfile;
import dev.nbroot.command.StageBootTree;
import dev.nbroot.profile.ProfileReader;
import dev.nbroot.release.BootContract;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.stage.DebianPxelinux;
import dev.nbroot.stage.PxelinuxOnHost;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Host;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The wiring of {@code nbroot build} without the command line; as a program, something that a test can kill. */
public final class BuildHarness {
    private BuildHarness() {}

    /**
     * {@return the use case over one state directory, wired as the program does it}
     *
     * @param home whose SSH keys profiles take
     */
    public static BuildRoot over(Path state, Path home, Events events) {
        return over(state, home, events, Host.real());
    }

    /** As {@link #over(Path, Path, Events)}, on a machine that may be made up. */
    public static BuildRoot over(Path state, Path home, Events events, Host host) {
        StateDirectory directory = new StateDirectory(state);
        Commands commands = new LinuxCommands(events);
        PxelinuxOnHost onHost = new PxelinuxOnHost(Path.of("/"), commands);
        DebianPxelinux pxelinux = new DebianPxelinux(onHost, directory.cache(), commands, events);
        return new BuildRoot(
                directory,
                new ProfileReader(home),
                new BootContract(),
                host,
                new LinuxNamespaces(),
                LinuxCommands::new,
                new StageBootTree(directory, pxelinux, RealContents.ground(), events, Clock.systemUTC()),
                events,
                version(),
                OptionalLong.empty());
    }

    /** {@return the use case that writes lock files, wired like {@link #over}} */
    public static LockProfile locks(Path state, Path home, Events events) {
        return new LockProfile(
                new StateDirectory(state),
                new ProfileReader(home),
                new BootContract(),
                Host.real(),
                new LinuxNamespaces(),
                LinuxCommands::new,
                events,
                version());
    }

    /** The program's own version is among the inputs of a build: with the same one, tests share what it built. */
    private static String version() {
        try {
            Matcher matcher = Pattern.compile("<artifactId>nbroot</artifactId>\\s*<version>([^<]+)</version>")
                    .matcher(Files.readString(Path.of("pom.xml")));
            if (!matcher.find()) {
                throw new IllegalStateException("pom.xml names no version");
            }
            return matcher.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Builds one profile and prints its events and outcome.
     *
     * @param args the state directory, the home directory and the profile; then, if it must stop somewhere, the beginning
     *     of an event's line: behind it a line is read from standard input
     */
    public static void main(String[] args) {
        Events events = event -> {
            boolean shown = event instanceof Event.StepStarted
                    || event instanceof Event.StepFinished
                    || event instanceof Event.Notice;
            if (shown) {
                System.out.println(event);
                if (args.length > 3 && event.toString().startsWith(args[3])) {
                    await();
                }
            }
        };
        try {
            System.out.println(over(Path.of(args[0]), Path.of(args[1]), events).run(BuildRequest.of(Path.of(args[2]))));
        } catch (Failure failure) {
            System.out.println(failure.kind() + ": " + failure.getMessage());
            System.out.println("hint: " + failure.hint());
            failure.details().forEach(System.out::println);
            failure.log().ifPresent(System.out::println);
            System.exit(failure.kind().status());
        }
    }

    private static void await() {
        try {
            while (System.in.read() != '\n') {
                // Whoever stopped it says when to go on.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
