package dev.nbroot.build;

import dev.nbroot.report.Event;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks the mirror what it has: the suite must be there; updates and security updates are used where they are.
 *
 * @param suite the suite
 * @param updates the suite of stable updates, or empty
 * @param security the suite of security updates, or empty
 * @param archive where to ask
 * @param proxy for downloads; absent: as the host's apt does it
 */
record FindArchives(String suite, String updates, String security, Archive archive, Optional<String> proxy)
        implements BuildStep {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Where the answer is kept for the steps that follow. */
    static final String FOUND = "archives.list";

    @Override
    public String id() {
        return "mirror";
    }

    @Override
    public String title() {
        return "Look at the mirror " + archive.uri();
    }

    @Override
    public List<String> details() {
        List<String> lines = new ArrayList<>(List.of("mirror: " + archive.uri() + " (from " + archive.origin() + ")"));
        archive.security().forEach(uri -> lines.add("security updates: " + uri + " " + security + ", if it is there"));
        return lines;
    }

    @Override
    public void perform(BuildSite site) {
        List<String> found = new ArrayList<>();
        if (!has(site, archive.uri(), suite)) {
            throw Failure.of(
                    FailureKind.INVALID_INPUT,
                    "the mirror " + archive.uri() + " has no suite " + suite + " (the mirror is from "
                            + archive.origin() + ")",
                    "set bootstrap.mirror in the profile to an archive that has it");
        }
        found.add(archive.uri() + " " + suite);
        if (!updates.isEmpty() && has(site, archive.uri(), updates)) {
            found.add(archive.uri() + " " + updates);
        }
        archive.security().stream()
                .filter(uri -> has(site, uri, security))
                .findFirst()
                .ifPresentOrElse(
                        uri -> found.add(uri + " " + security),
                        () -> site.warn("no security updates: " + security + " is not at "
                                + (archive.security().isEmpty()
                                        ? archive.uri()
                                        : String.join(" nor at ", archive.security()))));
        new TreeWriter(site.work()).write(TreeFile.of("/" + FOUND, String.join("\n", found) + "\n"));
    }

    /** {@return that an archive does not answer: which one of them, and who chose it} */
    Failure silent(String uri, String url) {
        if (uri.equals(archive.uri())) {
            return Failure.of(
                    FailureKind.FAILED,
                    "the mirror does not answer: " + url + " (the mirror is from " + archive.origin() + ")",
                    "is the network up? try another mirror: bootstrap.mirror in the profile");
        }
        boolean beside = uri.replaceFirst("-security(/[^/]*)?$", "$1").equals(archive.uri());
        return Failure.of(
                FailureKind.FAILED,
                "the security archive does not answer: " + url
                        + (beside
                                ? " (it was looked for beside the mirror from " + archive.origin() + ")"
                                : " (it is from the host's apt sources)"),
                "is the network up? try a mirror with its security archive beside it: bootstrap.mirror in the profile");
    }

    private boolean has(BuildSite site, String uri, String suite) {
        String url = uri + "/dists/" + suite + "/InRelease";
        List<String> argv = new ArrayList<>(List.of("/usr/lib/apt/apt-helper"));
        proxy.ifPresent(
                one -> argv.addAll(List.of("-o", "Acquire::http::Proxy=" + one, "-o", "Acquire::https::Proxy=" + one)));
        argv.addAll(List.of(
                "-o",
                "APT::Sandbox::User=root",
                "-o",
                "Acquire::Retries=2",
                "download-file",
                url,
                site.work().resolve("InRelease").toString()));
        Commands.Result result = site.run(
                Invocation.of(argv).labelled("apt-helper").within(PATIENCE).accepting(0, 100));
        if (result.status() == 0) {
            return true;
        }
        String answer = result.text();
        if (answer.contains("404") || answer.contains("File not found")) {
            site.tell(new Event.Notice(Event.Level.DETAIL, "not there: " + url));
            return false;
        }
        throw silent(uri, url).withDetails(result.lines());
    }
}
