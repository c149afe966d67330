package dev.nbroot.check;

import dev.nbroot.profile.Nearest;
import dev.nbroot.profile.Profile;
import dev.nbroot.release.BootContract;
import dev.nbroot.release.Release;
import dev.nbroot.release.ZramGenerator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Whether nbroot knows the release, and can make and boot this kind of root of it. */
final class ReleaseChecks {
    private ReleaseChecks() {}

    /** {@return the release, if nbroot knows it} */
    static Optional<Release> judge(Profile profile, BootContract contract, Findings findings) {
        String suite = profile.bootstrap().suite();
        Optional<Release> found = contract.find(suite);
        if (found.isEmpty()) {
            List<String> known =
                    contract.releases().stream().map(Release::suite).toList();
            findings.error(
                    "bootstrap.suite", "nbroot does not know the suite '" + suite + "'", Nearest.hint(suite, known));
        }
        found.ifPresent(release -> {
            if (!release.tested()) {
                findings.warning(
                        "bootstrap.suite",
                        release.title() + " (" + release.suite() + ") is untested: what nbroot knows of it is from its"
                                + " documents and packages",
                        "boot it with nbroot test before you rely on it");
            }
            architecture(profile, release, findings);
            generator(profile, release, findings);
            components(profile, release, findings);
            if (profile.swap().zram().isPresent() && !ZramGenerator.isIn(release)) {
                findings.error(
                        "swap.zram",
                        release.title() + " has no package " + ZramGenerator.PACKAGE,
                        "leave it out, or take a newer bootstrap.suite");
            }
        });
        return found;
    }

    private static void architecture(Profile profile, Release release, Findings findings) {
        String architecture = profile.bootstrap().architecture();
        if (!release.kernels().containsKey(architecture)) {
            findings.error(
                    "bootstrap.architecture",
                    "nbroot cannot build " + release.suite() + " for " + architecture,
                    "it can for: " + String.join(", ", new TreeMap<>(release.kernels()).keySet()));
        }
    }

    private static void generator(Profile profile, Release release, Findings findings) {
        String wanted = profile.initramfs().generator().word();
        if (release.generator(wanted).isEmpty()) {
            findings.error(
                    "initramfs.generator",
                    "nbroot cannot make the initrd of " + release.suite() + " with " + wanted,
                    "write generator: auto, which is "
                            + release.generators().get(0).word());
        }
    }

    private static void components(Profile profile, Release release, Findings findings) {
        if (profile.provenance().origin("bootstrap.components").isEmpty()) {
            return;
        }
        if (!profile.bootstrap().components().contains("main")) {
            findings.error(
                    "bootstrap.components", "the base system comes from main, which is not among them", "add main");
        }
        for (String component : profile.bootstrap().components()) {
            if (!release.areas().contains(component)) {
                findings.error(
                        "bootstrap.components",
                        release.title() + " has no component '" + component + "'",
                        "it has: " + String.join(", ", release.areas()));
            }
        }
    }
}
