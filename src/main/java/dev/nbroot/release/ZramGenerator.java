package dev.nbroot.release;

import java.util.Set;

/**
 * Which releases have the package that makes swap in compressed memory. It entered Debian after bullseye and Ubuntu after
 * jammy.
 */
public final class ZramGenerator {
    /** The package; its program reads {@code /etc/systemd/zram-generator.conf} at boot. */
    public static final String PACKAGE = "systemd-zram-generator";

    private static final Set<String> WITHOUT = Set.of("buster", "bullseye", "focal", "jammy");

    private ZramGenerator() {}

    /** {@return whether the release has it} */
    public static boolean isIn(Release release) {
        return !WITHOUT.contains(release.suite());
    }
}
