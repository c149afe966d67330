package dev.nbroot.build;

import dev.nbroot.profile.Bootstrap;
import dev.nbroot.profile.Profile;
import dev.nbroot.release.Release;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides where packages come from: the profile, else the host's own sources, else debootstrap's default. */
final class ArchiveChoice {
    private static final String DEBIAN = "debian";

    private final Host host;

    ArchiveChoice(Host host) {
        this.host = host;
    }

    /**
     * {@return the archive for a profile}
     *
     * @throws Failure of kind {@code INVALID_INPUT} for a snapshot without a mirror, {@code HOST} when nobody names a
     *     mirror, or the host's address has a password in it
     */
    Archive of(Profile profile, Release release) {
        Bootstrap bootstrap = profile.bootstrap();
        if (bootstrap.mirror().orElse("").startsWith("file:")) {
            throw Failure.of(
                    FailureKind.INVALID_INPUT,
                    profile.where("bootstrap.mirror")
                            + ": apt inside the root cannot reach a file: mirror, nor could the"
                            + " machines that boot it",
                    "serve the directory by HTTP and name that address");
        }
        if (bootstrap.snapshot().isPresent()) {
            return snapshot(profile, release, bootstrap.snapshot().get());
        }
        Optional<Archive> own = new HostArchive(host).find(release);
        if (bootstrap.mirror().isPresent()) {
            String uri = bootstrap.mirror().get().replaceFirst("/+$", "");
            List<String> security = new ArrayList<>(security(uri, release));
            // Further candidates only: one that cannot be used must not stop a profile that names its mirror.
            own.ifPresent(archive -> archive.security().stream()
                    .filter(address -> !Credentials.in(address))
                    .forEach(security::add));
            return new Archive(uri, security, profile.where("bootstrap.mirror").toString());
        }
        Archive found = own.or(() -> debootstraps(release))
                .orElseThrow(() -> Failure.of(
                        FailureKind.HOST,
                        "there is no mirror of " + release.distribution() + ": neither the profile, nor " + host.apt()
                                + ", nor debootstrap names one",
                        "add it to the profile: bootstrap: {mirror: http://mirror.example.org/" + release.distribution()
                                + "}"));
        Credentials.refuse(found);
        return found;
    }

    /** debootstrap's default is an archive of Debian, which has nobody else's suites. */
    private Optional<Archive> debootstraps(Release release) {
        return release.distribution().equals(DEBIAN)
                ? host.debootstrapMirror().map(uri -> new Archive(uri, security(uri, release), "debootstrap's default"))
                : Optional.empty();
    }

    private static Archive snapshot(Profile profile, Release release, String snapshot) {
        String mirror = profile.bootstrap()
                .mirror()
                .orElseThrow(() -> Failure.of(
                        FailureKind.INVALID_INPUT,
                        profile.where("bootstrap.snapshot") + ": a snapshot needs a mirror that keeps snapshots",
                        "add bootstrap.mirror, the address below which the snapshots' times lie"))
                .replaceFirst("/+$", "");
        return new Archive(
                mirror + "/" + snapshot,
                security(mirror, release).stream()
                        .map(uri -> uri + "/" + snapshot)
                        .toList(),
                profile.where("bootstrap.mirror").toString());
    }

    /** An archive of its own lies by long custom beside the main one, its name ending in {@code -security}. */
    private static List<String> security(String uri, Release release) {
        return List.of(release.securityInArchive() ? uri : uri + "-security");
    }
}
