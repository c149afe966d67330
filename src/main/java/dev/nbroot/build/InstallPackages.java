package dev.nbroot.build;

import dev.nbroot.profile.DebconfSelection;
import dev.nbroot.report.Event;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Installs everything beyond the base system, and all updates, in one transaction, so that every trigger runs once.
 *
 * @param packages names, without duplicates
 * @param selections answers for debconf
 */
record InstallPackages(List<String> packages, List<DebconfSelection> selections) implements BuildStep {
    private static final String NO_ARCHIVES = BuildSite.RUN + "/no-archives";

    InstallPackages {
        packages = List.copyOf(packages);
        selections = List.copyOf(selections);
    }

    @Override
    public String id() {
        return "packages";
    }

    @Override
    public String title() {
        return "Install " + packages.size() + " packages and what they need";
    }

    @Override
    public List<String> details() {
        List<String> lines = new ArrayList<>(packages);
        selections.forEach(selection -> lines.add("debconf: " + selection));
        return lines;
    }

    @Override
    public void perform(BuildSite site) {
        if (!selections.isEmpty()) {
            String answers =
                    selections.stream().map(DebconfSelection::line).collect(Collectors.joining("\n", "", "\n"));
            site.chroot(
                    AptSettings.apply(Invocation.of("debconf-set-selections").reading(answers)));
        }
        // With package names, dist-upgrade installs these too, in the same transaction.
        List<String> argv = new ArrayList<>(List.of("apt-get", "dist-upgrade"));
        argv.addAll(packages);
        verifyCached(site, argv);
        site.chroot(AptSettings.apply(Invocation.of(argv)));
        warnOfBootLoaders(site);
    }

    /**
     * apt takes a file of the right name and size for the package. It tells the hashes of all packages when it sees an
     * empty archives directory, and the kind of hash that it is told to.
     */
    private static void verifyCached(BuildSite site, List<String> install) {
        site.chroot("mkdir", "-p", NO_ARCHIVES + "/partial");
        List<String> argv = new ArrayList<>(install);
        argv.addAll(List.of(
                "--print-uris", "-o", "Dir::Cache::archives=" + NO_ARCHIVES, "-o", "Acquire::ForceHash=SHA256"));
        for (ExpectedDeb deb : ExpectedDeb.parse(
                site.chroot(AptSettings.apply(Invocation.of(argv))).lines())) {
            if (deb.differsIn(site.archives())) {
                site.discard(deb.name());
                site.tell(new Event.Notice(
                        Event.Level.DETAIL, "the cached package file is damaged, fetching it again: " + deb.name()));
            }
        }
    }

    private static void warnOfBootLoaders(BuildSite site) {
        Commands.Result installed = site.chroot("dpkg-query", "--show", "--showformat=${Package}\\n");
        List<String> loaders = installed.lines().stream()
                .filter(name -> name.matches("grub-(pc|efi-.*|common|cloud-.*)|lilo|extlinux|shim-signed"))
                .toList();
        if (!loaders.isEmpty()) {
            site.warn("a diskless root needs no boot loader of its own, but it has " + String.join(", ", loaders)
                    + ": leave it out of the profile");
        }
    }
}
