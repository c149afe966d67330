package dev.nbroot.serve;

import dev.nbroot.nfs.v3.ExportRegistry;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generations;
import dev.nbroot.state.KeptDirectories;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.PosixFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What must hold of export rules before anything listens.
 *
 * @param state whose trees have rules of their own
 * @param posix opens directories by handle
 */
public record ExportChecks(StateDirectory state, PosixFiles posix) {
    /**
     * Looks at the directories that rules are about.
     *
     * @throws Failure of kind {@code USAGE} when one does not exist, is reached through a symbolic link (clients name
     *     the real path), lies in the state directory or has it in it, or lies in another one
     */
    public void directories(List<ExportRule> rules) {
        List<Path> paths = paths(rules);
        for (Path path : paths) {
            if (!Files.isDirectory(path)) {
                throw usage(path + " is not a directory", "make it first, or export the directory that you meant");
            }
            Path real = real(path);
            if (!real.equals(path)) {
                throw usage(path + " is reached through a symbolic link", "export " + real);
            }
            Path own = Files.isDirectory(state.path()) ? real(state.path()) : state.path();
            if (path.startsWith(own)) {
                throw usage(
                        path + " lies in the state directory " + state.path(),
                        "write roots, a root's name or a client's MAC address instead of a path");
            }
            if (own.startsWith(path)) {
                throw usage(
                        path + " has the state directory " + state.path() + " in it",
                        "export a directory beside it; roots have rules of their own");
            }
            for (Path other : paths) {
                if (!other.equals(path) && path.startsWith(other)) {
                    throw usage(
                            path + " lies in " + other + ", which is exported too",
                            "export one of them, or directories side by side");
                }
            }
        }
    }

    /**
     * Looks for the roots and clients that rules are about, and tries the directories.
     *
     * @throws Failure of kind {@code USAGE} when there is no such root or persistent client; {@code HOST} when a
     *     directory's file system gives no file handles
     */
    public void namesAndHandles(List<ExportRule> rules) {
        Generations generations = new Generations(state);
        for (ExportRule rule : rules) {
            if (rule.subject() instanceof Subject.Root root
                    && generations.all(root.name()).isEmpty()) {
                generations.require(root.name());
            } else if (rule.subject() instanceof Subject.View view) {
                requireView(view.mac());
            }
        }
        for (Path path : paths(rules)) {
            try {
                ExportRegistry.check(posix, path);
            } catch (IOException e) {
                throw Failure.of(
                        FailureKind.HOST,
                        "--export: " + path + " cannot be exported: " + e.getMessage(),
                        "export a directory of a local file system: ext4, xfs, btrfs, tmpfs",
                        e);
            }
        }
    }

    private void requireView(MacAddress mac) {
        Path file = state.client(mac).resolve("client.yaml");
        Optional<ClientRecord> client =
                Files.exists(file) ? Optional.of(new StateFiles(state).client(file)) : Optional.empty();
        if (client.isEmpty()) {
            throw usage("there is no client " + mac.colons(), "make it: nbroot clone ROOT --mac " + mac.colons());
        }
        if (client.get().mode() != ClientMode.PERSISTENT
                && new KeptDirectories(state).all(mac).isEmpty()) {
            throw usage(
                    "the client " + mac.colons() + " is " + client.get().mode().word()
                            + " and has nothing of its own here",
                    "write the rule about its root: " + client.get().root());
        }
    }

    private static List<Path> paths(List<ExportRule> rules) {
        return rules.stream()
                .filter(rule -> rule.subject() instanceof Subject.Directory)
                .map(rule -> ((Subject.Directory) rule.subject()).path())
                .distinct()
                .toList();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw Failure.io("look at", path, e);
        }
    }

    private static Failure usage(String what, String hint) {
        return Failure.of(FailureKind.USAGE, "--export: " + what, hint);
    }
}
