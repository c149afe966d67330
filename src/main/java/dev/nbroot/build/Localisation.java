package dev.nbroot.build;

import dev.nbroot.profile.Profile;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Languages, keyboard and time zone of a root. */
record Localisation(Profile profile) {
    /** What the C library has without the locales package. */
    private static final Set<String> BUILT_IN = Set.of("C", "POSIX", "C.UTF-8", "C.utf8");

    boolean needsLocalesPackage() {
        return !wanted().isEmpty();
    }

    /** {@return the locales to generate, each with the key of the profile that names it} */
    private Map<String, String> wanted() {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put(profile.locale(), "locale");
        for (int i = 0; i < profile.locales().size(); i++) {
            wanted.putIfAbsent(profile.locales().get(i), "locales[" + i + "]");
        }
        wanted.keySet().removeAll(BUILT_IN);
        return wanted;
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
            tree.write(TreeFile.of("/etc/locale.gen", generated(supported(site))));
            site.chroot(Invocation.of("locale-gen"));
        }
        if (profile.keyboard().isPresent()) {
            // What keyboard-setup.service loads at boot was saved when the package was installed, with its own layout.
            site.chroot(Invocation.of("setupcon", "--save-only", "--force"));
        }
    }

    private static List<String> supported(BuildSite site) {
        Path list = site.file("/usr/share/i18n/SUPPORTED");
        try {
            return Files.readAllLines(list);
        } catch (IOException e) {
            throw Failure.io("read the locales of the root", list, e);
        }
    }

    /**
     * {@return the text of locale.gen(5), which wants the character sets too}
     *
     * @param supported the C library's list of locales, as in {@code de_DE.UTF-8 UTF-8}
     */
    String generated(List<String> supported) {
        StringBuilder text = new StringBuilder();
        wanted().forEach((locale, key) -> text.append(supported.stream()
                        .filter(line -> line.startsWith(locale + " "))
                        .findFirst()
                        .orElseThrow(() -> Failure.of(
                                FailureKind.INVALID_INPUT,
                                profile.where(key) + ": the root has no locale " + locale,
                                "write it as in de_DE.UTF-8")))
                .append('\n'));
        return text.toString();
    }
}
