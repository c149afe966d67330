package dev.nbroot.profile;

import java.nio.file.Path;

/**
 * A file that was read to make the profile.
 *
 * @param path absolute
 * @param role what it was read for
 * @param sha256 of its bytes, 64 lower-case hexadecimal digits
 */
public record InputFile(Path path, Role role, String sha256) {

    /** What a file was read for. */
    public enum Role {
        /** The profile itself. */
        PROFILE,
        /** A profile that it includes. */
        INCLUDE,
        /** SSH public keys. */
        SSH_KEYS
    }
}
