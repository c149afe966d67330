package dev.nbroot.release;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What differs between releases, as data.
 *
 * @param suite the code name, as debootstrap knows it
 * @param title the name for people
 * @param distribution who makes it: the {@code ID} of os-release(5), by which a host's own sources are recognized
 * @param generator the default initrd generator
 * @param kernels the kernel metapackage of each supported architecture
 * @param keyring verifies the archive's signature
 * @param keyringPackage the host's package that ships the keyring
 * @param securitySuite the suite of security updates, as in an apt source
 * @param updatesSuite the suite of stable updates, as in an apt source; empty when there is none
 * @param timesyncPackage the package that keeps the clock right
 * @param basePackages what every root of this release needs to boot from NFS and to be logged in to
 */
public record Release(
        String suite,
        String title,
        String distribution,
        InitrdGenerator generator,
        Map<String, String> kernels,
        Path keyring,
        String keyringPackage,
        String securitySuite,
        String updatesSuite,
        String timesyncPackage,
        List<String> basePackages) {
    /** Copies the collections. */
    public Release {
        kernels = Map.copyOf(kernels);
        basePackages = List.copyOf(basePackages);
    }
}
