package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Has every package file that a build will use in the cache, verified, before anything is unpacked.
 *
 * @param offline whether a missing one is a failure, and nothing is fetched
 */
record FetchPackages(boolean offline) {
    private static final int TRIES = 3;
    private static final int SHOWN = 5;

    private static final String ID = "fetch";

    Phase phase() {
        return new Phase(
                ID,
                "Fetch the packages",
                List.of(offline ? "from the cache, which must have all of them" : "those that the cache lacks"));
    }

    /**
     * Fetches what is missing and links all of it into the build's archives.
     *
     * @throws Failure of kind {@code FAILED} when something cannot be fetched, naming it
     */
    void perform(BuildSite site, List<Deb> debs, PrivateApt apt) {
        DebPool pool = site.pool();
        PlainDebs plain = new PlainDebs(site);
        List<Deb> packed = plain.link(debs);
        List<Deb> missing = pool.missing(packed);
        for (int i = 0; i < TRIES; i++) {
            fetch(site, missing, apt);
            // Somebody may empty the cache at this very moment.
            missing = pool.link(packed, site.archives());
            if (missing.isEmpty()) {
                plain.replace(packed);
                return;
            }
        }
        throw Failure.of(
                FailureKind.FAILED,
                "the package cache loses files while it is used: "
                        + missing.get(0).label(),
                "does something else work in " + site.cache() + "?");
    }

    /** {@return the address of the first one that is not there yet} */
    private static String first(List<Deb> debs, Path incoming) {
        return debs.stream()
                .filter(deb -> !DebPool.isWhole(deb, incoming.resolve(deb.fileName())))
                .findFirst()
                .map(Deb::uri)
                .orElse("the packages");
    }

    private void fetch(BuildSite site, List<Deb> missing, PrivateApt apt) {
        if (missing.isEmpty()) {
            return;
        }
        if (offline) {
            throw Failure.of(
                            FailureKind.FAILED,
                            "the package cache lacks " + missing.size()
                                    + " of the packages, and --offline fetches none: "
                                    + missing.get(0).label() + (missing.size() > 1 ? ", ..." : ""),
                            "build once without --offline")
                    .withDetails(missing.stream().limit(SHOWN).map(Deb::label).toList());
        }
        Path incoming = site.work().resolve("incoming");
        try {
            Files.createDirectories(incoming);
        } catch (IOException e) {
            throw Failure.io("make the directory", incoming, e);
        }
        try (DownloadProgress progress = DownloadProgress.of(ID, incoming, missing, site::tell)) {
            progress.start();
            StallWatch.over(incoming, () -> first(missing, incoming), () -> apt.download(missing, incoming));
            progress.done();
        } catch (Failure failure) {
            throw AptRefusal.ofDownload(failure);
        } finally {
            // Also those of a failed run: the next one need not fetch them again.
            missing.stream()
                    .filter(deb -> Files.isRegularFile(incoming.resolve(deb.fileName())))
                    .forEach(deb -> site.pool().add(deb, incoming.resolve(deb.fileName())));
        }
    }
}
