package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks whether an initrd can mount its root over NFS, and hold it in memory: what is missing is otherwise found out in
 * front of a dark rack.
 *
 * @param maker what made it
 * @param extraModules what the profile wants in it
 * @param modular whether the kernel has modules at all
 * @param microcode files for the processor that the root has and the initrd must hand over first
 */
record InitrdCheck(InitrdMaker maker, List<String> extraModules, boolean modular, List<String> microcode) {
    /** NFS version 3 and what it stands on; overlay for stateless machines; af_packet for DHCP. */
    private static final List<String> MODULES = List.of("nfs", "nfsv3", "sunrpc", "lockd", "overlay", "af_packet");

    /** Of a root in memory. */
    private static final List<String> IMAGE_MODULES = List.of("loop", "squashfs");

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
                    "the initrd of kernel " + version + " cannot boot over the network, it has no "
                            + String.join(", no ", missing),
                    "look for hooks and files in " + maker.configuration()
                            + " that leave it out; extra_modules must be names as modinfo knows them");
        }
    }

    /** {@return what it has not, of all that the root of any machine may want} */
    List<String> missing(List<String> listing, List<String> builtIn, List<String> modules) {
        return missing(
                listing,
                builtIn,
                modules,
                both(maker.requiredFiles(), maker.imageFiles()),
                both(MODULES, IMAGE_MODULES));
    }

    /** {@return what it has not, of that which a root over NFS wants} */
    List<String> missingForNfs(List<String> listing, List<String> builtIn, List<String> modules) {
        return missing(listing, builtIn, modules, maker.requiredFiles(), MODULES);
    }

    private static List<String> both(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private List<String> missing(
            List<String> listing,
            List<String> builtIn,
            List<String> modules,
            List<String> files,
            List<String> wantedModules) {
        List<String> missing = new ArrayList<>();
        Stream.concat(files.stream(), microcode.stream())
                .filter(file -> listing.stream().noneMatch(line -> line.equals(file) || line.endsWith("/" + file)))
                .forEach(missing::add);
        if (modular) {
            Set<String> present = names(Stream.concat(listing.stream(), builtIn.stream()));
            Set<String> all = names(modules.stream().map(line -> line.split(":", 2)[0]));
            Stream.of(wantedModules, DRIVERS.stream().filter(all::contains).toList(), extraModules)
                    .flatMap(List::stream)
                    .distinct()
                    .filter(module -> !present.contains(module.replace('-', '_')))
                    .map(module -> module + ".ko")
                    .forEach(missing::add);
        }
        return missing;
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
