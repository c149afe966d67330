package dev.nbroot.profile;

/**
 * One line of authorized_keys (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"), its key blob checked to hold the type it claims.
 *
 * @param options what stood before the type, as in {@code from="10.0.0.0/8"}; or empty
 * @param type as in {@code ssh-ed25519}
 * @param blob the key in base64
 * @param comment or empty
 */
public record SshKey(String options, String type, String blob, String comment) {

    /** {@return the line for authorized_keys, without its end} */
    public String line() {
        return (options.isEmpty() ? "" : options + " ") + type + " " + blob + (comment.isEmpty() ? "" : " " + comment);
    }
}
