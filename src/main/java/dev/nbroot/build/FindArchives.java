package dev.nbroot.build;

import dev.nbroot.report.Event;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
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
 * @param file how it is asked
 */
record FindArchives(String suite, String updates, String security, Archive archive, ReleaseFile file)
        implements BuildStep {
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
        List<FoundArchive> found = new ArrayList<>();
        found.add(look(site, archive.uri(), suite)
                .orElseThrow(() -> Failure.of(
                        FailureKind.INVALID_INPUT,
                        "the mirror " + archive.uri() + " has no suite " + suite + " (the mirror is from "
                                + archive.origin() + ")",
                        "set bootstrap.mirror in the profile to an archive that has it")));
        if (!updates.isEmpty()) {
            look(site, archive.uri(), updates).ifPresent(found::add);
        }
        Optional<FoundArchive> ofSecurity = archive.security().stream()
                .map(uri -> look(site, uri, security))
                .flatMap(Optional::stream)
                .findFirst();
        ofSecurity.ifPresentOrElse(
                found::add,
                () -> site.warn("no security updates: " + security + " is not at "
                        + (archive.security().isEmpty()
                                ? archive.uri()
                                : String.join(" nor at ", archive.security()))));
        site.findings().found(found);
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

    private Optional<FoundArchive> look(BuildSite site, String uri, String wanted) {
        String url = uri + "/dists/" + wanted + "/InRelease";
        ReleaseFile.Answer answer = file.ask(site, url);
        if (answer.isThere()) {
            return Optional.of(new FoundArchive(uri, wanted, answer.state()));
        }
        if (answer.isMissing()) {
            site.tell(new Event.Notice(Event.Level.DETAIL, "not there: " + url));
            return Optional.empty();
        }
        throw silent(uri, url).withDetails(answer.lines());
    }
}
