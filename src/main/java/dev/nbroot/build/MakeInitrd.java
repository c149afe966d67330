package dev.nbroot.build;

import dev.nbroot.profile.Initramfs;
import dev.nbroot.profile.Profile;
import dev.nbroot.report.Failure;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes the initrd, once, when everything that goes into it is there; then looks what it has.
 *
 * @param profile what is wanted
 * @param maker what makes it
 */
record MakeInitrd(Profile profile, InitrdMaker maker) implements BuildStep {
    /** Where a package leaves a processor's microcode, and the file by which the kernel finds it before all others. */
    private static final Map<String, String> MICROCODE = Map.of(
            "/usr/lib/firmware/amd-ucode", "AuthenticAMD.bin",
            "/usr/lib/firmware/intel-ucode", "GenuineIntel.bin");

    @Override
    public String id() {
        return "initramfs";
    }

    @Override
    public String title() {
        return "Make the initrd";
    }

    @Override
    public List<String> details() {
        Initramfs initramfs = profile.initramfs();
        return List.of(
                "generator: " + maker.generator().word(),
                "modules: " + initramfs.modules().word()
                        + (initramfs.extraModules().isEmpty()
                                ? ""
                                : " and " + String.join(", ", initramfs.extraModules())),
                "compression: " + initramfs.compress().word());
    }

    /** {@return what decides the result beside the tree} */
    String inputs(BuildSite site) {
        KernelFiles kernel = KernelFiles.find(site, profile);
        return maker.generator().word() + " " + profile.initramfs() + " " + kernel.version() + " "
                + (kernel.hasModules() ? "with" : "without") + " modules";
    }

    /** {@return where it lies in the root} */
    static String path(String version) {
        return "/boot/initrd.img-" + version;
    }

    @Override
    public void perform(BuildSite site) {
        make(site, maker, profile.initramfs().extraModules(), KernelFiles.find(site, profile));
    }

    /**
     * Makes the initrd of a tree that has all of its configuration.
     *
     * @param extraModules what it must have beside what every machine needs
     */
    static void make(BuildSite site, InitrdMaker maker, List<String> extraModules, KernelFiles kernel) {
        String inside = path(kernel.version());
        try {
            Files.deleteIfExists(site.file(inside));
            if (!kernel.hasModules()) {
                // mkinitramfs(8) wants the directory even for a kernel that has everything built in.
                site.chroot("mkdir", "-p", "/lib/modules/" + kernel.version());
                site.chroot("depmod", kernel.version());
            }
            make(site, maker, maker.making(kernel.version(), inside));
            List<String> listing = site.chroot(maker.listing(inside)).lines().stream()
                    .map(maker::listed)
                    .toList();
            new InitrdCheck(maker, extraModules, kernel.hasModules(), microcode(site))
                    .require(
                            kernel.version(),
                            listing,
                            lines(site, kernel, "modules.builtin"),
                            lines(site, kernel, "modules.dep"));
        } catch (IOException e) {
            throw Failure.io("make the initrd", Path.of(inside), e);
        }
    }

    private static List<String> lines(BuildSite site, KernelFiles kernel, String name) throws IOException {
        Path file = site.file("/lib/modules/" + kernel.version() + "/" + name);
        return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
    }

    private static void make(BuildSite site, InitrdMaker maker, Invocation making) throws IOException {
        Optional<Path> lent = Optional.empty();
        if (maker.aid().isPresent()) {
            lent = lend(site, maker.aid().get());
        }
        site.chroot(making);
        lent.ifPresent(directory -> site.run(Invocation.of("umount", directory.toString())));
    }

    /** {@return the directory that shows the file until it is unmounted; absent when the root has no such directory} */
    private static Optional<Path> lend(BuildSite site, TreeFile aid) throws IOException {
        Path inside = Path.of(aid.path());
        Path directory = site.file(inside.getParent().toString());
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        Path file = site.work().resolve(inside.getFileName());
        Files.write(file, aid.bytes());
        Path seen = site.tree().resolve(site.reachable().relativize(directory));
        site.script(
                "lend-file.sh",
                seen.toString(),
                file.toString(),
                site.work().resolve("lent").toString());
        return Optional.of(seen);
    }

    private static List<String> microcode(BuildSite site) throws IOException {
        List<String> wanted = new ArrayList<>();
        for (Map.Entry<String, String> one : MICROCODE.entrySet()) {
            Path directory = site.file(one.getKey());
            if (Files.isDirectory(directory)) {
                try (Stream<Path> files = Files.list(directory)) {
                    files.findFirst().ifPresent(any -> wanted.add("kernel/x86/microcode/" + one.getValue()));
                }
            }
        }
        return wanted;
    }
}
