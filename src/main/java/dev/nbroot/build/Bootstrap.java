package dev.nbroot.build;

import dev.nbroot.profile.Bootstrap.Variant;
import dev.nbroot.report.Failure;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the base system with debootstrap(8), from package files that were chosen, fetched and verified before.
 *
 * @param mirror is written down only; nothing is fetched
 * @param script the suite whose script makes this one; itself when this debootstrap knows it
 */
record Bootstrap(String suite, String architecture, Variant variant, String mirror, String script)
        implements BuildStep {
    private static final int SHOWN_LINES = 20;

    /** As {@link AptSettings#SETCAP}, which debootstrap's own PATH would pass by. */
    private static final List<String> NO_FILE_CAPABILITIES = List.of("setpriv", "--bounding-set=-setfcap");

    @Override
    public String id() {
        return "bootstrap";
    }

    @Override
    public String title() {
        return "Make the base system of " + suite + " " + architecture;
    }

    @Override
    public List<String> details() {
        return List.of(command(Path.of("TREE"), Path.of("BASE.tar")).quoted());
    }

    private Invocation command(Path tree, Path tarball) {
        List<String> argv = new ArrayList<>(
                List.of("debootstrap", "--arch=" + architecture, "--components=main", "--unpack-tarball=" + tarball));
        if (variant != Variant.IMPORTANT) {
            argv.add("--variant=" + variant.word());
        }
        argv.addAll(List.of(suite, tree.toString(), mirror));
        if (!script.equals(suite)) {
            argv.add(script);
        }
        return Invocation.of(argv);
    }

    @Override
    public void perform(BuildSite site) {
        Path log = site.file("/debootstrap/debootstrap.log");
        Path tarball = site.work().resolve("base.tar");
        Selection selection = site.findings().selection();
        BaseTarball.write(tarball, selection, suite, architecture, mirror, new Stanzas(site).of(selection.system()));
        site.script("mount-archives.sh", site.tree().toString(), site.archives().toString());
        try {
            site.run(site.dated(command(site.tree(), tarball)).behind(NO_FILE_CAPABILITIES));
        } catch (Failure failure) {
            throw withLog(failure, log);
        }
        // What debootstrap was told for the order of its work: nothing reads it later, and a lock file tells it
        // shorter.
        site.chroot("dpkg", "--clear-avail");
    }

    /** debootstrap itself says little; its log has the command that failed. */
    private static Failure withLog(Failure failure, Path log) {
        if (!Files.isReadable(log)) {
            return failure;
        }
        try {
            List<String> lines = Files.readAllLines(log);
            List<String> shown = new ArrayList<>(failure.details());
            shown.add("the end of debootstrap.log:");
            shown.addAll(lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
            return failure.withDetails(shown);
        } catch (IOException e) {
            failure.addSuppressed(e);
            return failure;
        }
    }
}
