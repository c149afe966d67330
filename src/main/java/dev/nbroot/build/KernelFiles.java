package dev.nbroot.build;

import dev.nbroot.profile.Kernel;
import dev.nbroot.profile.Profile;
import dev.nbroot.release.KernelVersions;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kernel a root boots. Its version comes from the root, never from uname(2): that is the host's.
 *
 * @param version as in {@code /lib/modules/VERSION}
 * @param image the kernel, a path of this process
 * @param hasModules whether the root has modules for it; an own kernel may need none
 */
record KernelFiles(String version, Path image, boolean hasModules) {
    private static final String PREFIX = "vmlinuz-";

    /**
     * {@return the kernel of a tree whose packages are installed}
     *
     * @throws Failure of kind {@code INVALID_INPUT} when there is none, or the profile's file is no kernel; {@code
     *     FAILED} when its modules are not there
     */
    static KernelFiles find(BuildSite site, Profile profile) {
        if (profile.kernel() instanceof Kernel.Image own) {
            String version =
                    KernelImage.version(own.path(), profile.where("kernel").toString());
            return new KernelFiles(version, own.path(), hasModules(site, version));
        }
        String version = versions(site).stream()
                .filter(one -> isWanted(one, profile.kernel()))
                .findFirst()
                .or(() -> versions(site).stream().findFirst())
                .orElseThrow(() -> Failure.of(
                        FailureKind.INVALID_INPUT,
                        profile.where("kernel") + ": no kernel came with the packages: /boot has no vmlinuz",
                        "write kernel: auto"));
        if (!hasModules(site, version)) {
            throw Failure.of(
                    FailureKind.FAILED,
                    "the root has the kernel " + version + ", but not its modules: /lib/modules/" + version
                            + " is missing",
                    "is the kernel package complete? try: kernel: auto");
        }
        return new KernelFiles(version, site.file("/boot/" + PREFIX + version), true);
    }

    /**
     * {@return the kernel of a tree that was made out of another generation}
     *
     * @param parent the generation; its kernel is taken when it came from outside the tree
     * @param facts what its profile said
     * @throws Failure of kind {@code FAILED} when its modules are not there
     */
    static KernelFiles again(BuildSite site, Generation parent, Manifest manifest, ProfileFacts facts) {
        Optional<String> version = facts.hasOwnKernel() || !Files.isDirectory(site.file("/boot"))
                ? Optional.empty()
                : versions(site).stream()
                        .filter(facts::isKernel)
                        .findFirst()
                        .or(() -> versions(site).stream().findFirst());
        if (version.isEmpty()) {
            return new KernelFiles(manifest.kernel(), parent.kernel(), hasModules(site, manifest.kernel()));
        }
        if (!hasModules(site, version.get())) {
            throw Failure.of(
                    FailureKind.FAILED,
                    "the root has the kernel " + version.get() + ", but not its modules: /lib/modules/" + version.get()
                            + " is missing",
                    "install the whole kernel package, or remove it");
        }
        return new KernelFiles(version.get(), site.file("/boot/" + PREFIX + version.get()), true);
    }

    /** A kernel package's name ends in its version, a metapackage's does not. */
    private static boolean isWanted(String version, Kernel kernel) {
        return !(kernel instanceof Kernel.Package named) || named.name().endsWith("-" + version);
    }

    /** Newest first. */
    private static List<String> versions(BuildSite site) {
        Path boot = site.file("/boot");
        try (Stream<Path> files = Files.list(boot)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(PREFIX))
                    .map(name -> name.substring(PREFIX.length()))
                    .sorted(new KernelVersions().reversed())
                    .toList();
        } catch (IOException e) {
            throw Failure.io("list the kernels of the root", boot, e);
        }
    }

    private static boolean hasModules(BuildSite site, String version) {
        return Files.isRegularFile(site.file("/lib/modules/" + version + "/modules.dep"));
    }
}
