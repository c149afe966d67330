package dev.nbroot.build;

import dev.nbroot.profile.AptSource;
import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives the root its apt sources and name service, and keeps packages from starting services.
 *
 * @param distribution names the file of the distribution's own sources
 * @param components archive areas
 * @param keyring in the root
 * @param ownKeyring a keyring of the host to copy to {@code keyring}; absent: the root has it by a package
 * @param sources the profile's further archives
 */
record PrepareApt(
        String distribution,
        List<String> components,
        String keyring,
        Optional<Path> ownKeyring,
        List<AptSource> sources)
        implements BuildStep {
    /** The name that packages see when they are installed: roots with other names share what was installed. */
    static final String ANYBODY = "localhost";

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
        return "Set up apt in the root";
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
            Files.deleteIfExists(site.file("/etc/apt/sources.list"));
            if (ownKeyring.isPresent()) {
                tree.write(Path.of(keyring), Files.readAllBytes(ownKeyring.get()), 0644, false);
            }
        } catch (IOException e) {
            throw Failure.io("set up apt in the root", site.tree(), e);
        }
        // The link that the running system needs; what it leads to while building vanishes with /run.
        tree.link("/etc/resolv.conf", ".." + OpenRoot.STUB);
        SystemFiles.identity(ANYBODY).forEach(tree::write);
        files(site.findings().archives()).forEach(tree::write);
        site.chrootScript("guard-on.sh");
    }

    /** {@return the root's apt sources and their keys} */
    List<TreeFile> files(List<FoundArchive> archives) {
        List<TreeFile> files = new ArrayList<>();
        files.add(SourceFiles.distribution(distribution, archives, components, keyring));
        sources.forEach(source -> files.addAll(SourceFiles.of(source, keyring)));
        return files;
    }
}
