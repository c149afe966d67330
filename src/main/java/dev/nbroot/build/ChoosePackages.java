package dev.nbroot.build;

import dev.nbroot.profile.AptSource;
import dev.nbroot.profile.Bootstrap.Variant;
import dev.nbroot.profile.Profile;
import dev.nbroot.report.Event;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides which package files make the root: fetches and verifies the package lists, then resolves what is wanted, as
 * apt will see it. While no archive has changed, the last answer is the answer.
 *
 * @param profile who asks
 * @param mirror the address of the distribution's archive
 * @param packages everything that the one transaction must install
 * @param apt the root's sources
 * @param keyring of the host, for the distribution's archives
 * @param settings how to download
 * @param source where the answer comes from
 * @param hooksUseApt whether a hook may ask for packages, so that lists must be there in any case
 */
record ChoosePackages(
        Profile profile,
        String mirror,
        List<String> packages,
        PrepareApt apt,
        Path keyring,
        AptSettings settings,
        PackageSource source,
        boolean hooksUseApt)
        implements BuildStep {
    ChoosePackages {
        packages = List.copyOf(packages);
    }

    @Override
    public String id() {
        return "choose";
    }

    @Override
    public String title() {
        return "Choose the packages";
    }

    @Override
    public List<String> details() {
        List<String> lines = new ArrayList<>(List.of("components: " + String.join(" ", apt.components())));
        apt.sources().forEach(one -> lines.add("source " + one.name() + ": " + one.line()));
        lines.addAll(source.details());
        return lines;
    }

    @Override
    public void perform(BuildSite site) {
        PrivateApt host = host(site);
        if (source instanceof PackageSource.Locked locked) {
            site.findings().choose(locked.lock().selection());
            configure(site, host);
            takeKnownLists(site, host);
            return;
        }
        SelectionCache cache = new SelectionCache(site.cache(), request());
        Optional<SelectionCache.Entry> last = cache.find();
        if (source instanceof PackageSource.Offline) {
            site.findings()
                    .choose(last.map(SelectionCache.Entry::selection)
                            .orElseThrow(() -> Failure.of(
                                    FailureKind.FAILED,
                                    "it was never chosen on this machine which packages this profile takes, and --offline"
                                            + " asks no mirror",
                                    "build it once without --offline, or use a lock file: nbroot lock")));
            configure(site, host);
            takeKnownLists(site, host);
            return;
        }
        configure(site, host);
        List<String> state = state(site);
        boolean known = !state.contains("")
                && last.filter(entry -> entry.state().equals(state)).isPresent();
        if (known) {
            site.findings().choose(last.get().selection());
        }
        if (!known || hooksUseApt) {
            update(site, host);
        }
        if (!known) {
            Selection chosen = resolve(site, host);
            site.findings().choose(chosen);
            // A mirror may change between two questions; then it is not known which state this is.
            if (releases(host.lists()).containsAll(state)) {
                cache.keep(state, chosen);
            }
        }
    }

    static PrivateApt host(BuildSite site) {
        return new PrivateApt(site, site.work().resolve("apt"), site.lists());
    }

    private void configure(BuildSite site, PrivateApt host) {
        PrepareApt ofHost = new PrepareApt(
                apt.distribution(), apt.components(), keyring.toString(), Optional.empty(), apt.sources());
        host.configure(
                profile.bootstrap().architecture(), ofHost.files(site.findings().archives()), settings);
    }

    /** Everything but the archives' state that decides the answer on this machine. */
    private List<String> request() {
        List<String> lines = new ArrayList<>(archives());
        lines.addAll(asked());
        return lines;
    }

    /** {@return SHA-256 over the part of the profile that decides the choice, wherever it is built} */
    String wanted() {
        List<String> lines = new ArrayList<>(asked());
        profile.bootstrap().mirror().ifPresent(own -> lines.add("mirror " + own));
        profile.bootstrap().keyring().ifPresent(own -> lines.add("keyring " + Sha256.of(own)));
        return Sha256.of(String.join("\n", lines));
    }

    /** What the profile says about it. */
    private List<String> asked() {
        List<String> lines = new ArrayList<>(List.of(
                profile.bootstrap().suite(),
                profile.bootstrap().architecture(),
                profile.bootstrap().snapshot().orElse(""),
                profile.bootstrap().variant().word(),
                "recommends " + profile.apt().installRecommends(),
                String.join(" ", apt.components())));
        apt.sources().forEach(one -> lines.add(one.line() + " " + one.key().orElse("")));
        lines.addAll(packages);
        return lines;
    }

    /** Which lists are fetched, and how they are trusted: the mirror and the key ring may be this machine's. */
    private List<String> archives() {
        List<String> lines = new ArrayList<>(List.of(
                mirror,
                profile.bootstrap().suite(),
                profile.bootstrap().architecture(),
                "keyring " + Sha256.of(keyring),
                "any age " + settings.anyAge(),
                String.join(" ", apt.components())));
        apt.sources().forEach(one -> lines.add(one.line() + " " + one.key().orElse("")));
        return lines;
    }

    private List<String> state(BuildSite site) {
        List<String> state = new ArrayList<>();
        site.findings().archives().forEach(archive -> state.add(archive.state()));
        for (AptSource one : apt.sources()) {
            if (one.type().equals("deb")) {
                String directory = one.suite().endsWith("/") ? "/" + one.suite() : "/dists/" + one.suite() + "/";
                String url = one.uri().replaceFirst("/+$", "") + directory + "InRelease";
                state.add(new ReleaseFile(settings.proxy(), settings.anyAge())
                        .ask(site, url)
                        .state());
            }
        }
        return state;
    }

    private void update(BuildSite site, PrivateApt host) {
        ListCache lists = new ListCache(site);
        lists.fill(host.lists(), archives());
        try {
            host.update();
        } catch (Failure failure) {
            Failure ofSignature = AptRefusal.ofSignature(failure, keyring);
            throw ofSignature == failure ? AptRefusal.ofDownload(failure) : ofSignature;
        }
        lists.keep(host.lists(), archives());
    }

    /** What is asked of no mirror, hooks see as it was fetched last; without that, not at all. */
    private void takeKnownLists(BuildSite site, PrivateApt host) {
        if (hooksUseApt) {
            new ListCache(site).fill(host.lists(), archives());
        }
    }

    private static Set<String> releases(Path lists) {
        Set<String> hashes = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(lists, "*InRelease")) {
            files.forEach(file -> hashes.add(Sha256.of(file)));
        } catch (IOException e) {
            throw Failure.io("list the package lists", lists, e);
        }
        return hashes;
    }

    private Selection resolve(BuildSite site, PrivateApt host) {
        PackageIndex index = new PackageIndex(host.lists());
        FoundArchive main = site.findings().archives().get(0);
        Map<String, Set<String>> named =
                index.ofPriority(main, profile.bootstrap().architecture(), Set.of("required", "important"));
        Variant variant = profile.bootstrap().variant();
        List<String> system = new ArrayList<>(List.of("apt"));
        if (variant == Variant.BUILDD) {
            system.add("build-essential");
        } else if (variant == Variant.IMPORTANT) {
            system.addAll(named.get("important"));
        }
        try {
            List<Deb> required = required(host, named.get("required"));
            host.status(installed(index.stanzas(required)));
            List<Deb> base = host.resolve(system, false);
            List<Deb> together = new ArrayList<>(required);
            together.addAll(base);
            host.status(installed(index.stanzas(together)));
            List<Deb> more = host.resolve(packages, profile.apt().installRecommends());
            List<Deb> all = new ArrayList<>(together);
            all.addAll(more);
            site.tell(new Event.Notice(Event.Level.DETAIL, all.size() + " packages were chosen"));
            return new Selection(site.findings().archives(), required, base, more, index.stanzas(all));
        } catch (Failure failure) {
            throw AptRefusal.ofPackage(failure, profile);
        }
    }

    /** usrmerge would move the files of a running system; a new one is made merged, and this package says so. */
    private static List<Deb> required(PrivateApt host, Set<String> names) {
        List<Deb> required = host.resolve(List.copyOf(names), false);
        if (required.stream().noneMatch(deb -> deb.name().equals("usrmerge"))) {
            return required;
        }
        List<String> merged = new ArrayList<>(List.of("usr-is-merged", "usrmerge-"));
        merged.addAll(names);
        return host.resolve(merged, false);
    }

    private static String installed(Map<String, String> stanzas) {
        StringBuilder status = new StringBuilder();
        stanzas.values()
                .forEach(stanza -> status.append("Status: install ok installed\n")
                        .append(stanza)
                        .append('\n'));
        return status.toString();
    }
}
