package dev.nbroot.build;

import dev.nbroot.profile.AptSource;
import dev.nbroot.report.Failure;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives the root its apt sources and name service, keeps packages from starting services, and fetches the package
 * lists.
 *
 * @param distribution names the file of the distribution's own sources
 * @param components archive areas
 * @param keyring in the root
 * @param ownKeyring a keyring of the host to copy to {@code keyring}; absent: the root has it by a package
 * @param hostname replaces the host's, which debootstrap has copied, before a package looks
 * @param sources the profile's further archives
 * @param settings how apt behaves
 */
record PrepareApt(
        String distribution,
        List<String> components,
        String keyring,
        Optional<Path> ownKeyring,
        String hostname,
        List<AptSource> sources,
        AptSettings settings)
        implements BuildStep {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final Path AUTHORITIES = Path.of("/etc/ssl/certs/ca-certificates.crt");

    /** What systemd-resolved wants /etc/resolv.conf to be; it leads into the volatile /run. */
    private static final String STUB = "/run/systemd/resolve/stub-resolv.conf";

    PrepareApt {
        components = List.copyOf(components);
        sources = List.copyOf(sources);
    }

    @Override
    public String id() {
        return "sources";
    }

    @Override
    public String title() {
        return "Fetch the package lists";
    }

    @Override
    public List<String> details() {
        List<String> lines = new ArrayList<>(List.of("components: " + String.join(" ", components)));
        sources.forEach(source -> lines.add("source " + source.name() + ": " + source.line()));
        return lines;
    }

    @Override
    public void perform(BuildSite site) {
        TreeWriter tree = new TreeWriter(site.reachable());
        try {
            SystemFiles.identity(hostname).forEach(tree::write);
            Files.deleteIfExists(site.file("/etc/apt/sources.list"));
            List<String> found = Files.readAllLines(site.work().resolve(FindArchives.FOUND));
            tree.write(SourceFiles.distribution(distribution, found, components, keyring));
            if (ownKeyring.isPresent()) {
                tree.write(Path.of(keyring), Files.readAllBytes(ownKeyring.get()), 0644, false);
            }
            // The link that the running system needs; what it leads to while building vanishes with /run.
            tree.link(RESOLV_CONF.toString(), ".." + STUB);
            tree.write(Path.of(STUB), Files.readAllBytes(RESOLV_CONF), 0644, false);
            if (Files.isReadable(AUTHORITIES)) {
                tree.write(Path.of(AptSettings.AUTHORITIES), Files.readAllBytes(AUTHORITIES), 0644, false);
            }
        } catch (IOException e) {
            throw Failure.io("set up apt in the root", site.tree(), e);
        }
        sources.forEach(source -> SourceFiles.of(source, keyring).forEach(tree::write));
        tree.write(settings.file());
        site.chrootScript("guard-on.sh");
        site.chroot(AptSettings.apply(Invocation.of("apt-get", "update", "--error-on=any")));
    }
}
