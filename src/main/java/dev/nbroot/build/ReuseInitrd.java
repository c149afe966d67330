package dev.nbroot.build;

import dev.nbroot.release.InitrdGenerator;
import dev.nbroot.report.Failure;
import dev.nbroot.system.TreeRemoval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Makes the initrd, the dearest part of a small change, only when something that goes into it is different from the
 * last time.
 *
 * @param make does the work
 */
record ReuseInitrd(MakeInitrd make) implements BuildStep {
    /** Made when the packages layer had been copied. */
    private static final String COPIED = "copied";

    private static final String LISTED = "listed";

    /**
     * What no initrd is made from. Everything else counts, whether an initrd generator reads it or not. A path that ends
     * in a slash stands for what is below it, and for what may be said about the directory itself.
     */
    private static final List<String> NEVER = List.of(
            "home/",
            "root/",
            "srv/",
            "mnt/",
            "media/",
            "dev/",
            "proc/",
            "sys/",
            "run/",
            "tmp/",
            "var/log/",
            "var/tmp/",
            "var/cache/",
            "var/mail/",
            "var/spool/",
            "var/lib/apt/",
            "var/lib/dpkg/",
            "var/lib/systemd/",
            "var/lib/dbus/",
            "etc/motd",
            "etc/issue",
            "etc/issue.net",
            "etc/skel/",
            "etc/ssh/",
            "etc/sudoers",
            "etc/sudoers.d/",
            "etc/apt/",
            "etc/subuid",
            "etc/subgid",
            "etc/subuid-",
            "etc/subgid-",
            "etc/.pwd.lock");

    /** What is empty at every boot. */
    private static final List<String> VOLATILE = List.of("dev/", "proc/", "sys/", "run/", "tmp/");

    /** initramfs-tools leaves accounts, names, languages and units out; dracut's modules take some of them. */
    private static final List<String> NEVER_BY_INITRAMFS_TOOLS = List.of(
            "etc/hostname",
            "etc/hosts",
            "etc/machine-id",
            "etc/resolv.conf",
            "etc/timezone",
            "etc/localtime",
            "etc/locale.gen",
            "etc/default/locale",
            "etc/passwd",
            "etc/passwd-",
            "etc/group",
            "etc/group-",
            "etc/shadow",
            "etc/shadow-",
            "etc/gshadow",
            "etc/gshadow-",
            "etc/systemd/system/");

    /** Remembers what is in the tree now, which has just been copied from the packages layer. */
    static void remember(BuildSite site) {
        TreeListing.write(site, LISTED);
        ChangedFiles.mark(site, COPIED);
    }

    @Override
    public String id() {
        return make.id();
    }

    @Override
    public String title() {
        return make.title();
    }

    @Override
    public List<String> details() {
        return make.details();
    }

    @Override
    public boolean reuse(BuildSite site) {
        if (site.findings().fresh()) {
            return false;
        }
        return inputs(site)
                .flatMap(inputs -> site.layers().find(inputs))
                .map(layer -> restore(site, layer))
                .orElse(false);
    }

    private static boolean restore(BuildSite site, LayerStore.Layer layer) {
        boolean whole = LayerTree.restore(site, layer);
        if (!whole) {
            site.newLayers().discard(layer);
        }
        return whole;
    }

    @Override
    public void perform(BuildSite site) {
        Optional<LayerInputs> inputs = inputs(site);
        Path before = ChangedFiles.mark(site, "before-initrd");
        make.perform(site);
        if (inputs.isPresent()) {
            ChangedFiles.paths(site, before).ifPresent(made -> keep(site, inputs.get(), made));
        }
    }

    private static void keep(BuildSite site, LayerInputs inputs, List<String> made) {
        List<String> files = made.stream()
                .filter(line -> !line.startsWith("d "))
                .map(line -> line.substring(2))
                .filter(path -> matters(NEVER).test(path))
                .toList();
        Path making = site.layers().begin(inputs);
        try {
            String fingerprint = LayerTree.saveFiles(site, LayerStore.Layer.archive(making), withDirectories(files));
            site.newLayers()
                    .add(
                            making,
                            new LayerStore.Facts(
                                    inputs, fingerprint, site.findings().epoch()));
        } catch (Failure failure) {
            TreeRemoval.remove(making);
            throw failure;
        }
    }

    /** {@return the paths, and before them the directories they are in} */
    private static List<String> withDirectories(List<String> files) {
        Set<String> paths = new TreeSet<>(files);
        for (String file : files) {
            for (int slash = file.indexOf('/'); slash > 0; slash = file.indexOf('/', slash + 1)) {
                paths.add(file.substring(0, slash));
            }
        }
        return List.copyOf(paths);
    }

    /** {@return whether an initrd may be made from a path, relative to the tree} */
    static Predicate<String> goesInto(InitrdGenerator generator) {
        List<String> never = new ArrayList<>(NEVER);
        if (generator == InitrdGenerator.INITRAMFS_TOOLS) {
            never.addAll(NEVER_BY_INITRAMFS_TOOLS);
        }
        return matters(never);
    }

    /** {@return whether a path is there at the next boot at all} */
    static Predicate<String> anythingLasting() {
        return matters(VOLATILE);
    }

    private Optional<LayerInputs> inputs(BuildSite site) {
        Optional<List<String>> changes = changes(site, goesInto(make.maker().generator()));
        if (changes.isPresent() && changes.get().stream().anyMatch(ReuseInitrd::isForeignPart)) {
            // A hook of the profile's own may put anything into the initrd.
            changes = changes(site, matters(VOLATILE));
        }
        return changes.map(lines -> inputs(site, lines));
    }

    private static Optional<List<String>> changes(BuildSite site, Predicate<String> matters) {
        return TreeListing.read(site, LISTED)
                .flatMap(before ->
                        new ChangedFiles(site, before).since(site.work().resolve(COPIED), matters));
    }

    /** A directory changes when nbroot's own part is put into it. */
    private static boolean isForeignPart(String line) {
        return line.matches("(etc|usr/share)/initramfs-tools/(hooks|scripts)/.*|(usr/)?lib/dracut/modules\\.d/.*"
                        + "|etc/dracut\\.conf\\.d/.*")
                && !line.contains("nbroot")
                && !line.matches(".* 4[0-7]{4} [0-9]+:[0-9]+ ");
    }

    private LayerInputs inputs(BuildSite site, List<String> changes) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "packages layer " + site.findings().packages().facts().inputs().key());
        lines.add("time " + site.findings().epoch());
        lines.add("how " + make.inputs(site));
        lines.addAll(changes);
        return new LayerInputs("initrd", lines);
    }

    private static Predicate<String> matters(List<String> never) {
        return path ->
                never.stream().noneMatch(one -> one.endsWith("/") ? (path + "/").startsWith(one) : path.equals(one));
    }
}
