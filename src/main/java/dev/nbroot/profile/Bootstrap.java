package dev.nbroot.profile;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which distribution, and where it comes from.
 *
 * <pre>{@code
 * bootstrap:
 *   suite: bookworm                             # required
 *   architecture: amd64
 *   variant: minbase                            # or buildd, important
 *   mirror: http://mirror.example.org/debian    # absent: the host's own apt sources
 *   components: [main]
 *   snapshot: 20260801T000000Z
 *   keyring: /usr/share/keyrings/debian-archive-keyring.gpg
 * }</pre>
 *
 * @param suite a release's code name, as in {@code bookworm}; whether nbroot knows it is not judged here
 * @param architecture a Debian architecture that exists, as in {@code amd64}
 * @param variant which packages debootstrap installs
 * @param mirror an http, https or file address without a query; absent means the host's own sources
 * @param components archive areas, at least one, no duplicates
 * @param snapshot the archive as it was at that time in UTC, {@code YYYYMMDDTHHMMSSZ}
 * @param keyring an existing file with the archive's keys, absolute; absent means the suite's usual one
 */
public record Bootstrap(
        String suite,
        String architecture,
        Variant variant,
        Optional<String> mirror,
        List<String> components,
        Optional<String> snapshot,
        Optional<Path> keyring) {

    /** Copies the list. */
    public Bootstrap {
        components = List.copyOf(components);
    }

    /** The sets of packages that debootstrap knows (debootstrap(8), {@code --variant}). */
    public enum Variant {
        /** Essential packages and apt. */
        MINBASE("minbase"),
        /** The build-essential packages too. */
        BUILDD("buildd"),
        /** All packages of priority required and important: debootstrap's own default, written {@code -} there. */
        IMPORTANT("important");

        private final String word;

        Variant(String word) {
            this.word = word;
        }

        /** {@return the word used in a profile} */
        public String word() {
            return word;
        }
    }
}
