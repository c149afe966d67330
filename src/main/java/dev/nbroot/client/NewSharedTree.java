package dev.nbroot.client;

import dev.nbroot.report.Failure;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.SharedTree;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Makes the shared tree of a root: a view over a generation with the root's own host name, and a machine id and host keys
 * that stay.
 */
public record NewSharedTree(StateDirectory state, ClientGround ground, Clock clock) {
    private static final Path HOSTNAME = Path.of("/etc/hostname");

    /** {@return the record of one over a generation} */
    public ClientRecord planned(Generation generation) {
        return new ClientRecord(
                SharedTree.card(generation.root()),
                generation.root(),
                generation.number(),
                hostname(generation),
                MachineId.random(),
                ClientMode.SHARED,
                Optional.empty(),
                OptionalInt.empty(),
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /**
     * Makes a view over its generation what one that was made would be.
     *
     * @param tree as planned
     * @param view of which the caller disposes
     * @param directory empty, for root only; for keys that are being made
     */
    public void rehearse(ClientRecord tree, Path view, Path directory) {
        IdentityFiles files = new IdentityFiles(view);
        List<HostKey> keys = files.hasSsh()
                ? new HostKeys(ground.commands()).make(directory, "root@" + new Hostname(tree.hostname()).shortName())
                : List.of();
        files.write(tree, keys);
    }

    /**
     * Makes it; the caller holds its lock.
     *
     * @throws Failure when it cannot be made; then nothing is left of it
     */
    public void over(Generation generation) {
        ClientRecord tree = planned(generation);
        try (NewClient made = NewClient.begin(state, tree.mac())) {
            List<HostKey> keys = new IdentityFiles(generation.tree()).hasSsh()
                    ? made.makeHostKeys(new HostKeys(ground.commands()), new Hostname(tree.hostname()))
                    : List.of();
            made.makeView(new ClientViews(state, ground.overlays()), generation, tree, keys);
            made.publish(tree, new StateFiles(state));
        }
    }

    private static String hostname(Generation generation) {
        Path file = TreePath.resolve(generation.tree(), HOSTNAME);
        try {
            String name = Files.exists(file)
                    ? Files.readString(file).strip().lines().findFirst().orElse("")
                    : "";
            // In a root there may be anything; case does not matter to a name, and the record wants small letters.
            return Hostname.parse(name.isEmpty() ? generation.root() : name).text();
        } catch (IOException e) {
            throw Failure.io("read", file, e);
        }
    }
}
