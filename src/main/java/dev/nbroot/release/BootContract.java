package dev.nbroot.release;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The releases nbroot knows, and how a machine must be told to boot each of them: the one table that holds what the
 * distributions do differently.
 */
public final class BootContract {
    private final List<Release> releases = Stream.concat(DebianReleases.ALL.stream(), UbuntuReleases.ALL.stream())
            .toList();

    /** {@return all releases, Debian's first, of each distribution the oldest first} */
    public List<Release> releases() {
        return releases;
    }

    /** {@return the release with this code name} */
    public Optional<Release> find(String suite) {
        return releases.stream()
                .filter(release -> release.suite().equals(suite))
                .findFirst();
    }
}
