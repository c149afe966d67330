package dev.nbroot.build;

import dev.nbroot.profile.Bootstrap.Variant;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the base system with debootstrap(8).
 *
 * @param keyring verifies the archive's signature; never skipped
 * @param proxy for downloads
 * @param hostname what packages see as the machine's name
 */
record Bootstrap(
        String suite,
        String architecture,
        Variant variant,
        List<String> components,
        String mirror,
        Path keyring,
        Optional<String> proxy,
        String hostname)
        implements BuildStep {
    private static final int SHOWN_LINES = 20;

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
        return List.of(command(Path.of("TREE"), Path.of("CACHE")).quoted());
    }

    private Invocation command(Path tree, Path archives) {
        List<String> argv = new ArrayList<>(List.of(
                "debootstrap",
                "--arch=" + architecture,
                "--keyring=" + keyring,
                "--force-check-gpg",
                "--cache-dir=" + archives,
                "--components=" + String.join(",", components)));
        if (variant != Variant.IMPORTANT) {
            argv.add("--variant=" + variant.word());
        }
        argv.addAll(List.of(suite, tree.toString(), mirror));
        Invocation invocation = Invocation.of(argv);
        return proxy.map(uri -> invocation.with("http_proxy", uri).with("https_proxy", uri))
                .orElse(invocation);
    }

    @Override
    public void perform(BuildSite site) {
        Path log = site.file("/debootstrap/debootstrap.log");
        try {
            site.run(command(site.tree(), site.archives()));
        } catch (Failure failure) {
            throw withLog(understood(failure), log);
        }
        site.script("mount-late.sh", site.tree().toString(), site.archives().toString(), hostname);
    }

    /** {@return a refused signature as a sentence of its own, the command being its first detail; others as they are} */
    Failure understood(Failure failure) {
        String reason = failure.details().stream()
                .map(Bootstrap::refusal)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        if (reason.isEmpty() || failure.kind() != FailureKind.COMMAND) {
            return failure;
        }
        List<String> details = new ArrayList<>(List.of(failure.getMessage()));
        details.addAll(failure.details());
        return Failure.of(
                        failure.kind(),
                        "the Release file of " + suite + " at " + mirror + " " + reason + " " + keyring,
                        "update the package that brings the key ring, set bootstrap.keyring to the one that the mirror"
                                + " names, or use another mirror",
                        failure)
                .withDetails(details);
    }

    /** The messages of debootstrap's read_gpg_status. */
    private static String refusal(String line) {
        if (line.contains("Release signed by unknown key")) {
            return "is not signed by a key of";
        }
        if (line.contains("Invalid Release signature")) {
            return "was changed after it was signed with a key of";
        }
        boolean other = line.contains("Error executing gpgv to check Release signature")
                || line.contains("Failed getting release signature file");
        return other ? "cannot be verified with" : "";
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
