package dev.nbroot.build;

import java.util.List;

/**
 * Where a root's packages come from.
 *
 * @param uri the archive with the suite and its updates, without slashes at its end
 * @param security addresses that may have the suite's security updates, likeliest first; may be empty
 * @param origin who chose it, for messages, as in {@code profile.yaml:4:11} or {@code /etc/apt/sources.list}
 */
record Archive(String uri, List<String> security, String origin) {
    Archive {
        security = List.copyOf(security);
    }
}
