package dev.nbroot.profile;

import java.util.List;
import java.util.Optional;

/**
 * How packages are installed, in cloud-init's words.
 *
 * <pre>{@code
 * apt:
 *   install_recommends: false
 *   http_proxy: http://proxy.example.org:3128    # while building only; never left in the root
 *   sources:
 *     tools:
 *       source: "deb http://mirror.example.org/tools $RELEASE main"
 *       key: |
 *         -----BEGIN PGP PUBLIC KEY BLOCK-----
 *   debconf_selections:
 *     console: "console-setup console-setup/charmap47 select UTF-8"
 * }</pre>
 *
 * @param installRecommends whether recommended packages are installed too
 * @param httpProxy an http or https address for apt while building
 * @param sources further archives, no file name twice
 * @param debconfSelections answers given before packages are configured, in the order written
 */
public record Apt(
        boolean installRecommends,
        Optional<String> httpProxy,
        List<AptSource> sources,
        List<DebconfSelection> debconfSelections) {

    /** Copies the lists. */
    public Apt {
        sources = List.copyOf(sources);
        debconfSelections = List.copyOf(debconfSelections);
    }
}
