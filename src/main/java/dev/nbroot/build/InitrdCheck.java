package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks whether an initrd can mount its root over NFS: what is missing is otherwise found out in front of a dark rack.
 *
 * @param maker what made it
 * @param extraModules what the profile wants in it
 * @param modular whether the kernel has modules at all
 * @param microcode files for the processor that the root has and the initrd must hand over first
 */
record InitrdCheck(InitrdMaker maker, List<String> extraModules, boolean modular, List<String> microcode) {
    /** NFS version 3 and what it stands on; overlay for stateless machines; af_packet for DHCP. */
    private static final List<String> MODULES = List.of("nfs", "nfsv3", "sunrpc", "lockd", "overlay", "af_packet");

    /** What the script that holds a root in memory needs, where there is one. */
    private static final List<String> IMAGE_MODULES = List.of("loop", "squashfs");

    private static final List<String> IMAGE_FILES = List.of("bin/busybox");

    /** Of network cards: kernels for virtual machines, as Debian's cloud flavour, have but some of them. */
    private static final List<String> DRIVERS = List.of("virtio_net", "e1000", "e1000e", "igb", "r8169");

    /**
     * Fails when something is missing.
     *
     * @param listing paths in the initrd
     * @param builtIn lines of {@code modules.builtin}
     * @param modules lines of {@code modules.dep}
     */
    void require(String version, List<String> listing, List<String> builtIn, List<String> modules) {
        List<String> missing = missing(listing, builtIn, modules);
        if (!missing.isEmpty()) {
            throw Failure.of(
                    FailureKind.FAILED,
                    "the initrd of kernel " + version + " cannot boot over NFS, it has no "
                            + String.join(", no ", missing),
                    "look for hooks and files in " + maker.configuration()
                            + " that leave it out; extra_modules must be names as modinfo knows them");
        }
    }

    List<String> missing(List<String> listing, List<String> builtIn, List<String> modules) {
        List<String> missing = new ArrayList<>();
        boolean holdsImages = has(listing, maker.imageScript());
        Stream.of(maker.requiredFiles(), microcode, holdsImages ? IMAGE_FILES : List.<String>of())
                .flatMap(List::stream)
                .filter(file -> !has(listing, file))
                .forEach(missing::add);
        if (modular) {
            Set<String> present = names(Stream.concat(listing.stream(), builtIn.stream()));
            Set<String> all = names(modules.stream().map(line -> line.split(":", 2)[0]));
            Stream.of(
                            MODULES,
                            holdsImages ? IMAGE_MODULES : List.<String>of(),
                            DRIVERS.stream().filter(all::contains).toList(),
                            extraModules)
                    .flatMap(List::stream)
                    .distinct()
                    .filter(module -> !present.contains(module.replace('-', '_')))
                    .map(module -> module + ".ko")
                    .forEach(missing::add);
        }
        return missing;
    }

    private static boolean has(List<String> listing, String file) {
        return listing.stream().anyMatch(line -> line.equals(file) || line.endsWith("/" + file));
    }

    private static Set<String> names(Stream<String> paths) {
        return paths.filter(line -> line.contains(".ko"))
                .map(InitrdCheck::moduleName)
                .collect(Collectors.toSet());
    }

    /** Files may be packed, and may be named with dashes or underscores. */
    private static String moduleName(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.substring(0, name.indexOf(".ko")).replace('-', '_');
    }
}
