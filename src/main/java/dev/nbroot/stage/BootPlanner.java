package dev.nbroot.stage;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.KeptDirectories;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Ipv4Address;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Decides what each machine boots. Pure: touches no file. */
public final class BootPlanner {
    /** Time enough to read why the machine does not start. */
    private static final int READING_SECONDS = 30;

    private final Ipv4Address server;
    private final CommandLines lines;

    /**
     * Plans for one server.
     *
     * @param server the address that clients reach it by
     * @param nfsPort 1 to 65535
     * @param httpPort 1 to 65535; absent: images are fetched by TFTP only
     */
    public BootPlanner(StateDirectory state, Ipv4Address server, int nfsPort, OptionalInt httpPort) {
        this.server = server;
        this.lines = new CommandLines(state, server, nfsPort, httpPort);
    }

    /**
     * Looks whether machines can be told to mount a path as their root.
     *
     * @throws Failure of kind {@code INVALID_INPUT} when a kernel command line cannot carry it
     */
    public static void requireCarriable(Path path) {
        CommandLines.requireCarriable(path);
    }

    /**
     * Looks whether a root's current generation can be staged.
     *
     * @throws Failure of kind {@code INVALID_INPUT} when what its manifest asks for cannot
     */
    public void requireStageable(StagedGeneration staged) {
        needsNoClient(staged);
        lines.unknown(staged);
    }

    /**
     * Looks whether a client can hold a root in memory that wants directories kept on the server.
     *
     * @throws Failure of kind {@code INVALID_INPUT} when it has such directories
     */
    public static void requireNothingKept(StagedGeneration staged) {
        if (!KeptDirectories.wantedBy(staged.manifest()).isEmpty()) {
            throw Failure.of(
                    FailureKind.INVALID_INPUT,
                    staged.generation().label() + " keeps directories on the server (persist), and a machine whose root"
                            + " is in memory shall need none",
                    "clone it with --mode stateless, or from a root whose profile has no persist");
        }
    }

    /** {@return the menu of one client, with its generation's kernel; {@code staged} is the generation it is bound to} */
    public BootMenu client(ClientRecord client, StagedGeneration staged) {
        return client(client, staged, Optional.empty());
    }

    /**
     * {@return the menu of one client}
     *
     * @param staged the generation it is bound to
     * @param own what it boots instead of the generation's kernel
     */
    public BootMenu client(ClientRecord client, StagedGeneration staged, Optional<OwnKernel> own) {
        String label = staged.generation().label();
        BootEntry entry = new BootEntry.Linux(
                client.hostname(),
                client.hostname() + ": " + label + ", " + client.mode().word()
                        + own.map(mine -> ", kernel " + mine.kernel().version()).orElse(""),
                own.map(mine -> mine.kernel().version())
                        .orElse(staged.manifest().kernel()),
                own.map(OwnKernel::kernelPath).orElse(staged.kernelPath()),
                own.map(OwnKernel::initrdPath).orElse(staged.initrdPath()),
                lines.client(client, staged));
        return new BootMenu(
                Optional.of(client.mac()),
                SerialPort.among(staged.manifest().boot().console()),
                List.of("nbroot: " + client.hostname() + " (" + client.mac().colons() + ") boots " + label + " from "
                        + server),
                List.of(entry),
                0);
    }

    /**
     * {@return the menu of machines that are no clients}
     *
     * @param staged the current generations, the default root's first
     * @throws Failure of kind {@code INVALID_INPUT} when a root's mode cannot be staged
     */
    public BootMenu unknown(List<StagedGeneration> staged) {
        List<BootEntry> entries = new ArrayList<>();
        for (StagedGeneration each : staged) {
            if (needsNoClient(each)) {
                entries.add(new BootEntry.Linux(
                        each.generation().root(),
                        each.generation().label(),
                        each.manifest().kernel(),
                        each.kernelPath(),
                        each.initrdPath(),
                        lines.unknown(each)));
            }
        }
        StagedGeneration first = staged.get(0);
        Optional<SerialPort> serial = SerialPort.among(first.manifest().boot().console());
        if (needsNoClient(first)) {
            return new BootMenu(
                    Optional.empty(),
                    serial,
                    List.of("nbroot: this machine is no client of " + server + "; it boots "
                            + first.generation().label()),
                    entries,
                    0);
        }
        entries.add(0, new BootEntry.NextDevice("nothing"));
        return new BootMenu(
                Optional.empty(),
                serial,
                List.of(
                        "nbroot: this machine is not known to " + server + ", and the root '"
                                + first.generation().root() + "' is for known machines only.",
                        "On the server: nbroot clone " + first.generation().root() + " --mac MAC",
                        "Trying the next boot device in " + READING_SECONDS + " seconds."),
                entries,
                READING_SECONDS);
    }

    private static boolean needsNoClient(StagedGeneration staged) {
        String mode = staged.mode();
        if (mode.equals("stateless") || staged.isShared() || staged.isForMemory()) {
            return true;
        }
        if (mode.equals("persistent")) {
            return false;
        }
        throw Failure.of(
                FailureKind.INVALID_INPUT,
                "this version of nbroot cannot stage the boot.mode '" + mode + "' of "
                        + staged.generation().label(),
                "set boot.mode to stateless, toram, shared or persistent in the profile, then build again");
    }
}
