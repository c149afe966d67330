package dev.nbroot.profile;

import java.util.List;
import java.util.Optional;

/**
 * The superuser's account.
 *
 * <pre>{@code
 * root:
 *   passwd: "$6$..."             # a crypt hash; absent: locked
 *   autologin: false             # true: a root shell on every console without a password
 *   ssh_authorized_keys: ["file:~/.ssh/id_ed25519.pub"]
 * }</pre>
 *
 * @param passwd absent: locked
 * @param autologin whether {@code tty1} and the serial consoles log root in by themselves
 * @param sshAuthorizedKeys may be empty
 */
public record RootAccount(Optional<PasswordHash> passwd, boolean autologin, List<SshKey> sshAuthorizedKeys) {

    /** Copies the list. */
    public RootAccount {
        sshAuthorizedKeys = List.copyOf(sshAuthorizedKeys);
    }

    /** {@return whether there is a way in} */
    public boolean canLogIn() {
        return autologin
                || !sshAuthorizedKeys.isEmpty()
                || passwd.map(PasswordHash::usable).orElse(false);
    }
}
