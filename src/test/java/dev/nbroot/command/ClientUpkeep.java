package dev.nbroot.command;

import dev.nbroot.client.ClientViews;
import dev.nbroot.client.RealContents;
import dev.nbroot.client.ViewChanges;
import dev.nbroot.it.SmallKeys;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.SampleState;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Host;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.TreeRemoval;
import dev.nbroot.system.linux.LinuxAttendedCommands;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import dev.nbroot.system.linux.LinuxOverlays;
import dev.nbroot.system.linux.LinuxPathExchange;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A state directory on a real disk with a small root and one machine, and the commands that change its view. */
final class ClientUpkeep implements AutoCloseable {
    static final String MAC = "52:54:00:12:34:56";

    final List<Event> events = new ArrayList<>();
    final Path top;
    final SampleState state;
    final StageBootTree stage;
    final Overlays overlays = new LinuxOverlays();
    final Commands commands = new Stopping(new SmallKeys(new LinuxCommands(Events.none())));
    /** The label of a command that is not to be run; empty for none. */
    String failAt = "";
    /** Is told of each command before it is run. */
    Consumer<Invocation> beforehand = invocation -> {};

    final ViewChanges changes;

    ClientUpkeep() throws IOException {
        top = Files.createTempDirectory(Path.of("/var/tmp"), "nbroot-upkeep-");
        state = new SampleState(top.resolve("state"));
        Path program = Files.writeString(top.resolve("pxelinux.0"), "the program");
        Path library = Files.writeString(top.resolve("ldlinux.c32"), "the library");
        stage = new StageBootTree(
                state.directory(),
                generation -> new PxelinuxLoader(program, library),
                RealContents.ground(),
                events::add,
                Clock.systemUTC());
        changes = new ViewChanges(
                state.directory(),
                new ViewChanges.Ground(
                        overlays,
                        new LinuxNamespaces(),
                        commands,
                        new LinuxPosixFiles(),
                        new LinuxPathExchange(),
                        Clock.systemUTC()));
    }

    private final class Stopping implements Commands {
        private final Commands next;

        Stopping(Commands next) {
            this.next = next;
        }

        @Override
        public Result run(Invocation invocation) {
            beforehand.accept(invocation);
            if (invocation.label().equals(failAt)) {
                throw Failure.of(FailureKind.COMMAND, "stopped at " + failAt, "");
            }
            return next.run(invocation);
        }

        @Override
        public Running start(Invocation invocation, Consumer<String> output) {
            return next.start(invocation, output);
        }
    }

    ClientRecord cloned() {
        CloneClient clone =
                new CloneClient(state.directory(), overlays, commands, stage, events::add, Clock.systemUTC());
        return clone.run(new CloneRequest(
                        "bookworm", MAC, Optional.of("node1"), Optional.empty(), ClientMode.PERSISTENT))
                .client();
    }

    ClientRecord client() {
        return state.files().client(MacAddress.parse(MAC)).orElseThrow();
    }

    Path directory() {
        return state.directory().client(MacAddress.parse(MAC));
    }

    DiffOutcome diff() {
        return new DiffClient(state.directory(), new LinuxPosixFiles(), events::add).run(MAC);
    }

    ResetClient reset() {
        return new ResetClient(
                state.directory(), Host.real(), changes, RealContents.get(), new LinuxPosixFiles(), stage, events::add);
    }

    private DeriveGeneration derive() {
        return new DeriveGeneration(
                state.directory(),
                new DeriveGeneration.Ground(
                        Host.real(),
                        new LinuxNamespaces(),
                        listener -> new Stopping(new LinuxCommands(listener)),
                        new LinuxPosixFiles(),
                        Clock.systemUTC()),
                stage,
                events::add,
                "0.1.0");
    }

    RebaseOutcome rebase() {
        return new RebaseClient(state.directory(), Host.real(), changes, stage, events::add).run(MAC);
    }

    /** Runs a command of the root as {@code enter} does. */
    UpkeepOutcome enter(String... argv) {
        return enter(new EnterRequest(Optional.of("bookworm"), Optional.empty(), List.of(argv), false));
    }

    UpkeepOutcome enter(EnterRequest request) {
        return new EnterRoot(
                        state.directory(),
                        derive(),
                        changes.views(),
                        new LinuxNamespaces(),
                        commands,
                        new LinuxAttendedCommands(Optional.empty()),
                        events::add)
                .run(request);
    }

    UpkeepOutcome upgrade() {
        return new UpgradeRoot(state.directory(), derive()).run("bookworm");
    }

    UpkeepOutcome commit() {
        return new CommitClient(state.directory(), derive(), changes).run(MAC);
    }

    /** Opens the machine's view as a server does when the machine is on. */
    Overlays.View on() {
        return new ClientViews(state.directory(), overlays).open(client());
    }

    /** Work on the machine's files. */
    @FunctionalInterface
    interface Work {
        void in(Path view) throws IOException;
    }

    /** Does what the machine does while it is on. */
    void write(Work work) throws IOException {
        try (Overlays.View view = on()) {
            work.in(view.path());
        }
    }

    @Override
    public void close() {
        TreeRemoval.remove(top);
    }
}
