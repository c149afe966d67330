package dev.nbroot;

import dev.nbroot.command.ServeClients;
import dev.nbroot.command.UseCases;
import dev.nbroot.report.Events;
import dev.nbroot.serve.Machines;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.linux.LinuxNeighbours;

/**
 * Gives the use cases their ports.
 *
 * @param state where everything lives
 * @param events who listens
 */
record Wiring(StateDirectory state, Events events) implements UseCases {
    @Override
    public ServeClients serveClients() {
        return new ServeClients(machines(), events);
    }

    private Machines machines() {
        return new Machines(new StateFiles(state), new LinuxNeighbours(), System::nanoTime);
    }
}
