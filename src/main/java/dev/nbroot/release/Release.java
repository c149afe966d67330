package dev.nbroot.release;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What differs between releases, as data.
 *
 * @param suite the code name, as debootstrap knows it
 * @param title the name for people
 * @param distribution who makes it: the {@code ID} of os-release(5), by which a host's own sources are recognized
 * @param debootstrapScripts other suites whose debootstrap script makes this one too, for hosts older than the release
 * @param generators the initrd generators that boot it, the default first
 * @param initrdDhcp what initrds of initramfs-tools ask DHCP with
 * @param network what the running system configures its network with
 * @param kernels the kernel metapackage of each supported architecture
 * @param keyring verifies the archive's signature
 * @param keyringPackage the host's package that ships the keyring
 * @param components the archive areas that a profile gets when it names none
 * @param areas all archive areas there are
 * @param securitySuite the suite of security updates, as in an apt source
 * @param securityInArchive whether that suite lies in the main archive; otherwise in one of its own
 * @param updatesSuite the suite of stable updates, as in an apt source; empty when there is none
 * @param timesyncPackage the package that keeps the clock right
 * @param basePackages what every root of this release needs to be a diskless machine that is logged in to; without
 *     what its initrd needs
 * @param tested whether it was ever built and booted; the row of one that was not is from documents
 */
public record Release(
        String suite,
        String title,
        String distribution,
        List<String> debootstrapScripts,
        List<InitrdGenerator> generators,
        InitrdDhcp initrdDhcp,
        NetworkStack network,
        Map<String, String> kernels,
        Path keyring,
        String keyringPackage,
        List<String> components,
        List<String> areas,
        String securitySuite,
        boolean securityInArchive,
        String updatesSuite,
        String timesyncPackage,
        List<String> basePackages,
        boolean tested) {
    /** In a profile, the release's own generator. */
    public static final String AUTO = "auto";

    /** Copies the collections. */
    public Release {
        debootstrapScripts = List.copyOf(debootstrapScripts);
        generators = List.copyOf(generators);
        kernels = Map.copyOf(kernels);
        components = List.copyOf(components);
        areas = List.copyOf(areas);
        basePackages = List.copyOf(basePackages);
    }

    /** {@return the generator by the word of a profile; absent when it does not boot this release} */
    public Optional<InitrdGenerator> generator(String word) {
        return word.equals(AUTO)
                ? generators.stream().findFirst()
                : generators.stream()
                        .filter(generator -> generator.word().equals(word))
                        .findFirst();
    }
}
