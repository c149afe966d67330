package dev.nbroot.build;

import dev.nbroot.check.UserInfo;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;

/**
 * Refuses addresses of the host's archives that carry a name or password: they go into logs, and into the root's apt sources, which
 * every machine that boots the root can read. No message shows such an address.
 */
final class Credentials {
    private Credentials() {}

    static boolean in(String uri) {
        return UserInfo.in(uri);
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
}
