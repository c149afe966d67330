package dev.nbroot.build;

import dev.nbroot.profile.AptSource;
import dev.nbroot.profile.Profile;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.util.regex.Pattern;

/**
 * Refuses archive addresses that carry a name or password: they go into logs, and into the root's apt sources, which
 * every machine that boots the root can read. No message shows such an address.
 */
final class Credentials {
    /** RFC 3986 section 3.2: whatever stands before an {@code @} of the authority. */
    private static final Pattern USER_INFO = Pattern.compile("[^:/]+://[^/]*@.*");

    private Credentials() {}

    static boolean in(String uri) {
        return USER_INFO.matcher(uri).matches();
    }

    /**
     * Checks the addresses that a profile names.
     *
     * @throws Failure of kind {@code INVALID_INPUT}, naming the profile's line
     */
    static void refuse(Profile profile) {
        if (profile.bootstrap().mirror().filter(Credentials::in).isPresent()) {
            throw refused(profile, "bootstrap.mirror");
        }
        for (AptSource source : profile.apt().sources()) {
            if (in(source.uri())) {
                throw refused(profile, "apt.sources." + source.name() + ".source");
            }
        }
    }

    /**
     * Checks what the host chose.
     *
     * @throws Failure of kind {@code HOST}, naming the host's file
     */
    static void refuse(Archive archive) {
        if (in(archive.uri()) || archive.security().stream().anyMatch(Credentials::in)) {
            throw Failure.of(
                    FailureKind.HOST,
                    "the host's mirror (from " + archive.origin()
                            + ") has a user name or password in its address, which every machine could read in the root",
                    "set bootstrap.mirror in the profile to an address without one");
        }
    }

    private static Failure refused(Profile profile, String key) {
        return Failure.of(
                FailureKind.INVALID_INPUT,
                profile.where(key)
                        + ": the address has a user name or password, which every machine could read in the root",
                "name an archive that needs none, for example a proxy of your own before it");
    }
}
