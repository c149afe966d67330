package dev.nbroot.build;

import dev.nbroot.profile.DebconfSelection;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Installs everything beyond the base system in one transaction, so that every trigger runs once. It is from the package
 * files that were chosen before; nothing is downloaded.
 *
 * @param packages the names that were asked for, without duplicates
 * @param selections answers for debconf
 */
record InstallPackages(List<String> packages, List<DebconfSelection> selections) implements BuildStep {
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
        List<Deb> chosen = site.findings().selection().packages();
        TreeWriter tree = new TreeWriter(site.reachable());
        AptSettings.installFiles(new Stanzas(site).of(chosen)).forEach(tree::write);
        apt(site, List.of("apt-get", "update"));
        // Each by its version: so nothing else than what was chosen can be right, whatever this apt would prefer.
        List<String> install = new ArrayList<>(List.of("apt-get", "install", "--no-download"));
        chosen.forEach(deb -> install.add(deb.name() + "=" + deb.version()));
        apt(site, install);
        Set<String> asked = new HashSet<>(packages);
        List<String> automatic = new ArrayList<>(List.of("apt-mark", "auto"));
        chosen.stream().map(Deb::name).filter(name -> !asked.contains(name)).forEach(automatic::add);
        if (automatic.size() > 2) {
            apt(site, automatic);
        }
        warnOfBootLoaders(site);
    }

    private static void apt(BuildSite site, List<String> argv) {
        site.chroot(AptSettings.installing(Invocation.of(argv)));
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
