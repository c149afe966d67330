package dev.nbroot.build;

import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** Takes out of the root what belongs to one machine, to this host, or to the building only. */
record CleanTree() implements BuildStep {
    private static final String MACHINE_ID = "/etc/machine-id";

    @Override
    public String id() {
        return "clean";
    }

    @Override
    public String title() {
        return "Remove what must not stay";
    }

    @Override
    public List<String> details() {
        return Leftovers.ALL.stream()
                .map(leftover -> "remove " + leftover.directory() + "/" + leftover.glob() + ": " + leftover.reason())
                .toList();
    }

    @Override
    public void perform(BuildSite site) {
        site.endProcesses().forEach(command -> site.warn("a package or hook has left this running: " + command));
        site.chrootScript("guard-off.sh");
        site.script("unmount-caches.sh", site.tree().toString());
        strip(site.reachable());
    }

    private static void strip(Path tree) {
        for (Leftovers.Leftover leftover : Leftovers.ALL) {
            for (Path file : leftover.in(tree)) {
                delete(file);
            }
        }
        Path machineId = tree.resolve(MACHINE_ID.substring(1));
        try {
            // machine-id(5): an empty file is right for an image; a missing one is an error when / is read-only.
            Files.deleteIfExists(machineId);
            Files.createFile(machineId);
            Files.setAttribute(machineId, "unix:mode", 0444, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(tree, "unix:mode", 0755);
            Files.setAttribute(tree, "unix:uid", 0);
            Files.setAttribute(tree, "unix:gid", 0);
        } catch (IOException e) {
            throw Failure.io("empty", Path.of(MACHINE_ID), e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw Failure.io("delete", file, e);
        }
    }
}
