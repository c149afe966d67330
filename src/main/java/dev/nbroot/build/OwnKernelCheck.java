package dev.nbroot.build;

import dev.nbroot.release.InitrdGenerator;
import dev.nbroot.release.Release;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Manifest;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Namespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Looks whether a kernel that a machine has installed itself would boot it over the network, before it has to. */
public final class OwnKernelCheck {
    private final Namespaces namespaces;
    private final Commands commands;

    /** Makes one. */
    public OwnKernelCheck(Namespaces namespaces, Commands commands) {
        this.namespaces = namespaces;
        this.commands = commands;
    }

    /**
     * A kernel to look at.
     *
     * @param version what its files are named by
     * @param vmlinuz a copy that nobody else writes to
     * @param initrd a copy that nobody else writes to
     * @param modules the lines of its {@code modules.dep}
     * @param builtIn the lines of its {@code modules.builtin}
     */
    public record Kernel(String version, Path vmlinuz, Path initrd, List<String> modules, List<String> builtIn) {}

    /**
     * Why a machine would not come up.
     *
     * @param why half a sentence, as in "its initrd is cut off"
     * @param hint what to do on the machine
     */
    public record Objection(String why, String hint) {}

    /**
     * Looks.
     *
     * @param generation what the machine's view lies over
     * @param manifest its own
     * @param release what it is made of
     * @throws Failure of kind {@code INTERRUPTED}
     */
    public Optional<Objection> objection(Kernel kernel, Generation generation, Manifest manifest, Release release) {
        String again = "on the machine: apt-get install --reinstall linux-image-" + kernel.version();
        Optional<KernelImage> image = KernelImage.read(kernel.vmlinuz());
        if (image.isEmpty()) {
            return Optional.of(new Objection("/boot/vmlinuz-" + kernel.version() + " is no kernel for a PC", again));
        }
        if (!image.get().version().equals(kernel.version())) {
            return Optional.of(new Objection(
                    "/boot/vmlinuz-" + kernel.version() + " is the kernel "
                            + image.get().version(),
                    again));
        }
        if (manifest.architecture().equals("amd64") && !image.get().bits64()) {
            return Optional.of(new Objection("it is a kernel for 32 bits", "install one for amd64"));
        }
        try {
            if (Files.size(kernel.vmlinuz()) < image.get().length()) {
                return Optional.of(new Objection("/boot/vmlinuz-" + kernel.version() + " is cut off", again));
            }
            return initrd(kernel, generation, manifest, release);
        } catch (IOException e) {
            throw Failure.io("look at the kernel", kernel.vmlinuz(), e);
        }
    }

    /** {@return the command that makes a kernel's initrd on a machine of this generation} */
    public static String making(String version, Manifest manifest, Release release) {
        return maker(manifest, release)
                .making(version, "/boot/initrd.img-" + version)
                .quoted();
    }

    private static InitrdMaker maker(Manifest manifest, Release release) {
        InitrdGenerator generator = InitrdGenerator.named(manifest.generator()).orElseThrow();
        return new ProfileFacts(manifest.profile()).maker(generator, release);
    }

    private Optional<Objection> initrd(Kernel kernel, Generation generation, Manifest manifest, Release release)
            throws IOException {
        String making = making(kernel.version(), manifest, release) + ", and look at what it says";
        String anew = "on the machine: " + making;
        Optional<List<String>> names;
        try {
            names = new InitrdListing(namespaces, commands, generation.tree()).names(kernel.initrd());
        } catch (Failure failure) {
            if (failure.kind() != FailureKind.COMMAND) {
                throw failure;
            }
            names = Optional.empty();
        }
        String name = "/boot/initrd.img-" + kernel.version();
        if (names.isEmpty()) {
            return Optional.of(
                    new Objection(name + " is cut off, or packed in a way that its generation cannot unpack", anew));
        }
        ProfileFacts facts = new ProfileFacts(manifest.profile());
        InitrdMaker maker = maker(manifest, release);
        boolean modular = !kernel.modules().isEmpty();
        List<String> missing = new InitrdCheck(maker, facts.extraModules(), modular, List.of())
                .missing(names.get(), kernel.builtIn(), kernel.modules());
        if (!missing.isEmpty()) {
            return Optional.of(new Objection(
                    name + " cannot boot over NFS, it has no " + String.join(", no ", missing),
                    "on the machine: let " + maker.configuration() + " be as in its generation, then " + making));
        }
        if (modular && names.get().stream().noneMatch(one -> one.contains("/modules/" + kernel.version() + "/"))) {
            return Optional.of(new Objection(name + " is not for this kernel", anew));
        }
        return Optional.empty();
    }
}
