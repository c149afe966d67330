package dev.nbroot.check;

import dev.nbroot.profile.AptSource;
import dev.nbroot.profile.Bootstrap;
import dev.nbroot.profile.Profile;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Addresses of archives: they go into logs, and into the root's apt sources, which every machine that boots the root can
 * read. No message shows one that carries a name or password.
 */
final class AddressChecks {
    /** Stands for the keys of the distribution's archive. */
    private static final String DISTRIBUTION = "distribution";

    private AddressChecks() {}

    static void judge(Profile profile, Findings findings) {
        Bootstrap bootstrap = profile.bootstrap();
        bootstrap.mirror().ifPresent(mirror -> {
            if (UserInfo.in(mirror)) {
                credentials(findings, "bootstrap.mirror");
            }
            if (mirror.startsWith("file:")) {
                findings.error(
                        "bootstrap.mirror",
                        "apt inside the root cannot reach a file: mirror, nor could the machines that boot it",
                        "serve the directory by HTTP and name that address");
            }
        });
        if (bootstrap.snapshot().isPresent() && bootstrap.mirror().isEmpty()) {
            findings.error(
                    "bootstrap.snapshot",
                    "a snapshot needs a mirror that keeps snapshots",
                    "add bootstrap.mirror, the address below which the snapshots' times lie");
        }
        signatures(profile, findings);
        for (AptSource source : profile.apt().sources()) {
            String key = "apt.sources." + source.name() + ".source";
            if (UserInfo.in(source.uri())) {
                credentials(findings, key);
            }
            if (source.uri().startsWith("file:")) {
                findings.warning(
                        key,
                        "apt looks for this directory inside the root, not on this host",
                        "serve it by HTTP, or let a hook of the phase setup copy it into the root");
            }
        }
    }

    /** apt reads no source at all when two of the same archive and suite have different values of Signed-By. */
    private static void signatures(Profile profile, Findings findings) {
        Map<String, String> signers = new HashMap<>();
        profile.bootstrap()
                .mirror()
                .ifPresent(mirror ->
                        signers.put(archive(mirror, profile.bootstrap().suite()), DISTRIBUTION));
        for (AptSource source : profile.apt().sources()) {
            String signer = source.key()
                    .or(() -> Optional.ofNullable(source.options().get("signed-by")))
                    .orElse(DISTRIBUTION);
            String earlier = signers.putIfAbsent(archive(source.uri(), source.suite()), signer);
            if (earlier != null && !earlier.equals(signer)) {
                findings.error(
                        "apt.sources." + source.name(),
                        "apt refuses two sources of one archive and suite that are signed by different keys",
                        earlier.equals(DISTRIBUTION) ? "leave key: out" : "give them the same key:, or none");
            }
        }
    }

    private static String archive(String uri, String suite) {
        return uri.replaceFirst("/+$", "") + " " + suite;
    }

    private static void credentials(Findings findings, String key) {
        findings.error(
                key,
                "the address has a user name or password, which every machine could read in the root",
                "name an archive that needs none, for example a proxy of your own before it");
    }
}
