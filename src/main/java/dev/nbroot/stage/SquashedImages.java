package dev.nbroot.stage;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Generation;
import dev.nbroot.state.HeldGeneration;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Host;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.Sha256;
import dev.nbroot.system.StateLock;
import dev.nbroot.system.TreePath;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Images made by mksquashfs(1), once for each generation, into its {@code boot/}: a generation never changes, so neither
 * does its image, and both go together.
 *
 * <p>The image appears by rename(2), after the file with its hash: killed at any instant there is a whole image with its
 * hash, or none. What a killed run has left the next one deletes. The same tree gives the same bytes.
 */
public final class SquashedImages implements ImageSource {
    /** Its name beside the kernel, and in the boot tree. */
    static final String NAME = "root.squashfs";

    private static final String STEP = "image";
    private static final String TEMPORARY = ".root.squashfs-";
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final long POLL_MILLIS = 250;
    private static final int LINES_KEPT = 20;

    /** What must be in the root for its initrd to fetch an image: one of them, by its generator. */
    private static final List<Path> FETCHERS = List.of(
            Path.of("/etc/initramfs-tools/scripts/nbroot"),
            Path.of("/usr/lib/dracut/modules.d/90nbroot/nbroot-image.sh"));

    private final StateDirectory state;
    private final Host host;
    private final Namespaces namespaces;
    private final Commands commands;
    private final Events events;

    /**
     * Makes images of one state directory's generations.
     *
     * @param namespaces where mksquashfs runs, so that it ends with this process
     */
    public SquashedImages(StateDirectory state, Host host, Namespaces namespaces, Commands commands, Events events) {
        this.state = state;
        this.host = host;
        this.namespaces = namespaces;
        this.commands = commands;
        this.events = events;
    }

    @Override
    public BootImage planned(Generation generation) {
        Optional<BootImage> made = made(generation);
        if (made.isEmpty()) {
            require(generation);
        }
        return made.orElseGet(() -> new BootImage(file(generation), BootImage.NOT_YET, 0));
    }

    @Override
    public BootImage get(Generation generation) {
        Optional<BootImage> before = made(generation);
        if (before.isPresent()) {
            return before.get();
        }
        require(generation);
        StateLock lock = StateLock.await(
                state.lock("image-" + generation.root() + "-" + generation.number()),
                "the image of " + generation.label(),
                PATIENCE);
        try {
            return made(generation).orElseGet(() -> HeldGeneration.during(state, generation, () -> make(generation)));
        } finally {
            lock.close();
        }
    }

    private void require(Generation generation) {
        if (FETCHERS.stream().noneMatch(file -> isIn(generation, file))) {
            throw Failure.of(
                    FailureKind.INVALID_INPUT,
                    "the initrd of " + generation.label() + " cannot hold its root in memory (toram): it was made by an"
                            + " older nbroot",
                    "build it again with this one: nbroot build PROFILE.yaml --fresh");
        }
        host.requireRoot("make an image of " + generation.label() + ", with all its owners and modes");
        host.requireProgram("mksquashfs", "to make the image of machines whose root is in memory", "squashfs-tools");
    }

    private static boolean isIn(Generation generation, Path file) {
        return Files.isRegularFile(TreePath.resolve(generation.tree(), file));
    }

    private static Path file(Generation generation) {
        return generation.kernel().resolveSibling(NAME);
    }

    private static Path hashFile(Generation generation) {
        return generation.kernel().resolveSibling(NAME + ".sha256");
    }

    private static Optional<BootImage> made(Generation generation) {
        Path file = file(generation);
        Path hash = hashFile(generation);
        if (!Files.isRegularFile(file) || !Files.isRegularFile(hash)) {
            return Optional.empty();
        }
        try {
            // As sha256sum(1) writes it, so that "sha256sum -c" checks it.
            String line = Files.readString(hash);
            return line.matches("[0-9a-f]{64}  " + NAME + "\n")
                    ? Optional.of(new BootImage(file, line.substring(0, 64), Files.size(file)))
                    : Optional.empty();
        } catch (IOException e) {
            throw Failure.io("read", hash, e);
        }
    }

    private BootImage make(Generation generation) {
        long begin = System.nanoTime();
        events.on(new Event.StepStarted(STEP, "Make the image of " + generation.label()));
        Path directory = generation.kernel().getParent();
        try {
            dropLeftovers(directory);
            requireNothingMounted(generation);
            Path temporary =
                    directory.resolve(TEMPORARY + ProcessHandle.current().pid());
            try {
                squash(generation, temporary);
                Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
                AtomicFile.sync(temporary);
                AtomicFile.write(hashFile(generation), Sha256.of(temporary) + "  " + NAME + "\n", "rw-r--r--");
                Files.move(temporary, file(generation), StandardCopyOption.ATOMIC_MOVE);
                AtomicFile.sync(directory);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw Failure.io("make an image in", directory, e);
        }
        events.on(new Event.StepFinished(STEP, Duration.ofNanos(System.nanoTime() - begin), false));
        return made(generation).orElseThrow();
    }

    /** Whoever has the lock knows that no other is at work. */
    private static void dropLeftovers(Path directory) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, TEMPORARY + "*")) {
            for (Path leftover : leftovers) {
                Files.delete(leftover);
            }
        }
    }

    /** mksquashfs would take it for a part of the tree. */
    private static void requireNothingMounted(Generation generation) throws IOException {
        List<Path> mounts = TreeRemoval.mountsIn(generation.tree().toRealPath());
        if (!mounts.isEmpty()) {
            throw Failure.of(
                    FailureKind.FAILED,
                    "no image can be made of " + generation.label() + " while something is mounted at " + mounts.get(0),
                    "umount " + mounts.get(0));
        }
    }

    /**
     * The level is where more of it begins to cost minutes for a percent. The time of the image itself is fixed; those
     * of the files are theirs. What squashfs cannot keep, access control lists, it says with a line each.
     */
    private void squash(Generation generation, Path to) {
        Invocation squash = Invocation.of(
                "mksquashfs",
                generation.tree().toString(),
                to.toString(),
                "-comp",
                "zstd",
                "-Xcompression-level",
                "10",
                "-b",
                "256K",
                "-mkfs-time",
                "0",
                "-noappend",
                "-no-progress",
                "-quiet");
        Deque<String> lines = new ArrayDeque<>();
        try (Namespaces.Namespace namespace = namespaces.open();
                Commands.Running running = commands.start(namespace.inside(squash), line -> keep(lines, line))) {
            while (!running.waitFor(POLL_MILLIS)) {
                tell(to);
                if (Thread.currentThread().isInterrupted()) {
                    throw Failure.of(FailureKind.INTERRUPTED, "interrupted while making an image", "");
                }
            }
            if (running.status() != 0) {
                throw failed(generation, to, running.status(), lines);
            }
        }
    }

    private static void keep(Deque<String> lines, String line) {
        synchronized (lines) {
            lines.add(line);
            if (lines.size() > LINES_KEPT) {
                lines.remove();
            }
        }
    }

    private void tell(Path image) {
        try {
            long bytes = Files.exists(image) ? Files.size(image) : 0;
            events.on(new Event.Progress(
                    STEP,
                    "",
                    Optional.of(new Event.Bytes(bytes, Optional.empty(), Optional.empty())),
                    Optional.empty()));
        } catch (IOException e) {
            throw Failure.io("look at", image, e);
        }
    }

    private static Failure failed(Generation generation, Path image, int status, Deque<String> lines) {
        List<String> last;
        synchronized (lines) {
            last = List.copyOf(lines);
        }
        boolean full = last.stream().anyMatch(line -> line.contains("No space left"));
        return full
                ? Failure.of(
                        FailureKind.FAILED,
                        "the disk is full: no image of " + generation.label() + " fits into " + image.getParent(),
                        "free some space (nbroot gc), then run this again")
                : Failure.of(
                                FailureKind.COMMAND,
                                "mksquashfs failed with status " + status + " for " + generation.label(),
                                "")
                        .withDetails(last);
    }
}
