package dev.nbroot.stage;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Commands;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * PXELINUX from Debian's packages: the host's installed ones, else those of the generation's own suite, which apt
 * fetches and verifies once; the two files then stay in the cache.
 */
public final class DebianPxelinux implements PxelinuxSource {
    private static final String STEP = "pxelinux";
    private static final String PROGRAM_PACKAGE = "pxelinux";
    private static final String LIBRARY_PACKAGE = "syslinux-common";
    private static final String HINT = "install it here: apt-get install " + PROGRAM_PACKAGE + " " + LIBRARY_PACKAGE;

    private final PxelinuxOnHost host;
    private final Path cache;
    private final Commands commands;
    private final Events events;

    /**
     * Looks on the host first.
     *
     * @param cache keeps what was fetched; made when needed
     * @param events receives how a fetch goes on
     */
    public DebianPxelinux(PxelinuxOnHost host, Path cache, Commands commands, Events events) {
        this.host = host;
        this.cache = cache;
        this.commands = commands;
        this.events = events;
    }

    @Override
    public PxelinuxLoader loader(StagedGeneration generation) {
        Path kept = cache.resolve("pxelinux-" + generation.manifest().suite());
        return host.find().or(() -> PxelinuxOnHost.below(kept)).orElseGet(() -> fetch(generation, kept));
    }

    private PxelinuxLoader fetch(StagedGeneration generation, Path kept) {
        Path work = null;
        events.on(new Event.StepStarted(
                STEP,
                "Fetch PXELINUX from the package sources of "
                        + generation.generation().label()));
        long begin = System.nanoTime();
        try {
            Files.createDirectories(cache);
            work = Files.createTempDirectory(cache, ".pxelinux-");
            List<Path> packages = new AptDownload(commands, generation, work, this::tell)
                    .fetch(List.of(PROGRAM_PACKAGE, LIBRARY_PACKAGE));
            Path unpacked = Files.createDirectory(work.resolve("unpacked"));
            extract(packages.get(0), PxelinuxOnHost.PROGRAM, unpacked);
            extract(packages.get(1), PxelinuxOnHost.LIBRARY, unpacked);
            TreeRemoval.remove(kept);
            Files.move(unpacked, kept, StandardCopyOption.ATOMIC_MOVE);
            events.on(new Event.StepFinished(STEP, Duration.ofNanos(System.nanoTime() - begin), false));
            return PxelinuxOnHost.below(kept).orElseThrow();
        } catch (ClosedByInterruptException e) {
            throw Failure.of(FailureKind.INTERRUPTED, "interrupted while fetching PXELINUX", "", e);
        } catch (IOException e) {
            throw unavailable(generation, Failure.reason(e), List.of(), e);
        } catch (Failure e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            throw unavailable(generation, e.getMessage(), e.details(), e);
        } finally {
            Optional.ofNullable(work).ifPresent(TreeRemoval::remove);
        }
    }

    private void tell(String doing) {
        events.on(new Event.Progress(STEP, doing));
    }

    private static void extract(Path deb, Path file, Path to) throws IOException {
        Path target = to.resolve(file);
        Files.createDirectories(target.getParent());
        Files.write(target, DebPackage.read(deb, file));
    }

    private static Failure unavailable(StagedGeneration generation, String why, List<String> details, Exception cause) {
        return Failure.of(
                        FailureKind.HOST,
                        "PXELINUX is not installed, and cannot be taken from the package sources of "
                                + generation.generation().label() + ": " + why,
                        HINT,
                        cause)
                .withDetails(details);
    }
}
