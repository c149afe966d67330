package dev.nbroot.build;

import dev.nbroot.release.Release;
import dev.nbroot.system.Host;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds the distribution's own archive among a host's apt sources.
 *
 * <p>An entry with the host's code name and {@code main} is not enough, because many third parties name theirs so. What
 * tells the distribution's is one of: signed by its keyring, {@code -updates} at the same address, or written where the
 * installer writes it.
 */
final class HostArchive {
    private final Host host;

    HostArchive(Host host) {
        this.host = host;
    }

    /** {@return the archive from which the host itself was installed, when it has the release too} */
    Optional<Archive> find(Release release) {
        if (!host.distribution().equals(release.distribution())) {
            return Optional.empty();
        }
        List<AptEntry> entries = AptSourceFiles.read(host.apt());
        String codename = host.codename();
        return best(entries, entry -> entry.suite().equals(codename))
                .map(main -> new Archive(
                        main.uri(),
                        best(entries, entry -> isSecurity(entry, codename)).map(AptEntry::uri).stream()
                                .toList(),
                        main.file().toString()));
    }

    private static boolean isSecurity(AptEntry entry, String codename) {
        return entry.suite().equals(codename + "-security") || entry.suite().equals(codename + "/updates");
    }

    private Optional<AptEntry> best(List<AptEntry> entries, Predicate<AptEntry> wanted) {
        // max() would take the last of equals; apt prefers the first.
        return entries.stream()
                .filter(wanted)
                .filter(AptEntry::hasMain)
                .filter(entry -> entry.uri().matches("https?://.*"))
                .filter(entry -> evidence(entry, entries) > 0)
                .min(Comparator.comparing(entry -> -evidence(entry, entries)));
    }

    private int evidence(AptEntry entry, List<AptEntry> entries) {
        if (!entry.signedBy().isEmpty()) {
            return entry.signedBy().contains(host.distribution() + "-archive-") ? 4 : 0;
        }
        boolean hasUpdates = entries.stream()
                .anyMatch(other -> other.uri().equals(entry.uri())
                        && other.suite().equals(host.codename() + "-updates")
                        && other.hasMain());
        String name = entry.file().getFileName().toString();
        boolean installers = name.equals("sources.list") || name.equals(host.distribution() + ".sources");
        return (hasUpdates ? 2 : 0) + (installers ? 1 : 0);
    }
}
