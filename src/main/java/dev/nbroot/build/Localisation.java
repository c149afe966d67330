package dev.nbroot.build;

import dev.nbroot.profile.Profile;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Language and time zone of a root. */
record Localisation(Profile profile) {
    /** What the C library has without the locales package. */
    private static final Set<String> BUILT_IN = Set.of("C", "POSIX", "C.UTF-8", "C.utf8");

    boolean needsLocalesPackage() {
        return !BUILT_IN.contains(profile.locale());
    }

    void perform(BuildSite site, TreeWriter tree) {
        String zone = "/usr/share/zoneinfo/" + profile.timezone();
        if (!Files.isRegularFile(site.file(zone))) {
            throw Failure.of(
                    FailureKind.INVALID_INPUT,
                    profile.where("timezone") + ": the root has no time zone " + profile.timezone(),
                    "take one of: timedatectl list-timezones; old names need the package tzdata-legacy in packages");
        }
        tree.link("/etc/localtime", zone);
        if (needsLocalesPackage()) {
            tree.write(TreeFile.of("/etc/locale.gen", supported(site) + "\n"));
            site.chroot(Invocation.of("locale-gen"));
        }
    }

    /** locale.gen(5) wants the character set too, which the C library's list of locales tells. */
    private String supported(BuildSite site) {
        Path list = site.file("/usr/share/i18n/SUPPORTED");
        try {
            List<String> known = Files.readAllLines(list);
            return known.stream()
                    .filter(line -> line.startsWith(profile.locale() + " "))
                    .findFirst()
                    .orElseThrow(() -> Failure.of(
                            FailureKind.INVALID_INPUT,
                            profile.where("locale") + ": the root has no locale " + profile.locale(),
                            "write it as in de_DE.UTF-8"));
        } catch (IOException e) {
            throw Failure.io("read the locales of the root", list, e);
        }
    }
}
