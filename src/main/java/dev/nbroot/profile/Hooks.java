package dev.nbroot.profile;

import java.util.List;

/**
 * The user's own commands, by mmdebstrap's phases.
 *
 * <pre>{@code
 * hooks:
 *   setup: []          # the root is empty
 *   essential: []      # the base system is there, the profile's packages are not
 *   customize:         # everything is installed and configured
 *     - {run: "apt-get clean", chroot: true, timeout: 10m}
 *     - ./customize.sh "$1"
 *   cleanup: []        # last, before the root is published
 * }</pre>
 *
 * @param setup before anything is installed; never in the root, there is nothing to run there
 * @param essential after the base system
 * @param customize after packages, users, files
 * @param cleanup last
 */
public record Hooks(List<Hook> setup, List<Hook> essential, List<Hook> customize, List<Hook> cleanup) {

    /** Copies the lists. */
    public Hooks {
        setup = List.copyOf(setup);
        essential = List.copyOf(essential);
        customize = List.copyOf(customize);
        cleanup = List.copyOf(cleanup);
    }
}
