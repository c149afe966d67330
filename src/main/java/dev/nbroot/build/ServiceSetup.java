package dev.nbroot.build;

import dev.nbroot.profile.Profile;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Which units start: first what every diskless machine wants, then what the profile says. */
record ServiceSetup(Profile profile, InitrdMaker initrd) {
    private static final List<String> ENABLED = List.of(
            "systemd-networkd.service",
            "systemd-resolved.service",
            "ssh.service",
            "nbroot-ssh-keys.service",
            "nbroot-scratch.service",
            "nbroot-persist.service");

    /**
     * The network is up before systemd starts, or there would be no root: waiting for it can only delay. A diskless
     * machine's software changes by a new generation, not by a timer.
     */
    private static final List<String> DISABLED =
            List.of("systemd-networkd-wait-online.service", "apt-daily.timer", "apt-daily-upgrade.timer");

    /** These look after local disks. */
    private static final List<String> MASKED = List.of("e2scrub_reap.service", "e2scrub_all.timer", "fstrim.timer");

    private static final List<String> UNIT_DIRECTORIES =
            List.of("/etc/systemd/system", "/lib/systemd/system", "/usr/lib/systemd/system");

    void perform(BuildSite site) {
        systemctl(site, "enable", present(site, ENABLED));
        systemctl(site, "disable", present(site, DISABLED));
        if (!wantsNfs()) {
            systemctl(site, "disable", present(site, initrd.disabledUnits()));
        }
        systemctl(site, "mask", present(site, MASKED));
        systemctl(site, "mask", present(site, initrd.maskedUnits()));
        each(site, "enable", profile.services().enable());
        each(site, "disable", profile.services().disable());
        each(site, "mask", profile.services().mask());
    }

    /** Then the units are not there for the initrd's sake alone. */
    private boolean wantsNfs() {
        return profile.packages().stream().anyMatch(initrd.packages()::contains);
    }

    private static List<String> present(BuildSite site, List<String> units) {
        return units.stream().filter(unit -> exists(site, unit)).toList();
    }

    /** A template's instance, as in {@code getty@tty2.service}, comes from {@code getty@.service}. */
    private static boolean exists(BuildSite site, String unit) {
        String template = unit.replaceFirst("@.*(\\.[a-z]+)$", "@$1");
        return UNIT_DIRECTORIES.stream()
                .anyMatch(directory -> Files.exists(site.file(directory + "/" + unit))
                        || Files.exists(site.file(directory + "/" + template)));
    }

    private static void systemctl(BuildSite site, String verb, List<String> units) {
        if (units.isEmpty()) {
            return;
        }
        List<String> argv = new ArrayList<>(List.of("systemctl", "--quiet", verb));
        argv.addAll(units);
        site.chroot(argv.toArray(String[]::new));
    }

    /** systemd links whatever it is told to; a misspelt unit would be found at boot only, so it is refused here. */
    private void each(BuildSite site, String verb, List<String> units) {
        for (int i = 0; i < units.size(); i++) {
            String unit = units.get(i);
            if (!exists(site, unit) && !verb.equals("mask") && !hasInitScript(site, unit)) {
                throw Failure.of(
                        FailureKind.INVALID_INPUT,
                        profile.where("services." + verb + "[" + i + "]") + ": the root has no unit " + unit,
                        "add the package that brings it to packages, or correct the name");
            }
        }
        systemctl(site, verb, units);
    }

    private static boolean hasInitScript(BuildSite site, String unit) {
        return Files.exists(site.file("/etc/init.d/" + unit.replaceFirst("\\.service$", "")));
    }
}
