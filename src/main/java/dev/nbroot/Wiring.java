package dev.nbroot;

import dev.nbroot.client.ClientViews;
import dev.nbroot.command.CloneClient;
import dev.nbroot.command.ServeClients;
import dev.nbroot.command.StageBootTree;
import dev.nbroot.command.TestBoot;
import dev.nbroot.command.UseCases;
import dev.nbroot.report.Events;
import dev.nbroot.serve.Machines;
import dev.nbroot.stage.PxelinuxOnHost;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Host;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import dev.nbroot.system.linux.LinuxNeighbours;
import dev.nbroot.system.linux.LinuxOverlays;
import java.nio.file.Path;
import java.time.Clock;

/**
 * Gives the use cases their ports.
 *
 * @param state where everything lives
 * @param events who listens
 */
record Wiring(StateDirectory state, Events events) implements UseCases {
    @Override
    public StageBootTree stageBootTree() {
        return new StageBootTree(
                state,
                generation ->
                        new PxelinuxOnHost(Path.of("/"), commands()).find().orElseThrow(),
                events,
                Clock.systemUTC());
    }

    @Override
    public CloneClient cloneClient() {
        return new CloneClient(state, new LinuxOverlays(), commands(), stageBootTree(), events, Clock.systemUTC());
    }

    @Override
    public ServeClients serveClients() {
        return new ServeClients(state, views(), machines(), events);
    }

    @Override
    public TestBoot testBoot() {
        return new TestBoot(
                state, Host.here(), commands(), new LinuxNamespaces(), views(), stageBootTree(), machines(), events);
    }

    private ClientViews views() {
        return new ClientViews(state, new LinuxOverlays());
    }

    private Commands commands() {
        return new LinuxCommands(events);
    }

    private Machines machines() {
        return new Machines(new StateFiles(state), new LinuxNeighbours(), System::nanoTime);
    }
}
