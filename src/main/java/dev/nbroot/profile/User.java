package dev.nbroot.profile;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An account for a person or a service, in cloud-init's words.
 *
 * <pre>{@code
 * users:
 *   - name: ada
 *     gecos: Ada Lovelace
 *     uid: 1000
 *     primary_group: ada                # absent: a group of the user's name
 *     groups: [sudo, plugdev]           # or "sudo, plugdev"
 *     shell: /bin/bash
 *     homedir: /home/ada
 *     no_create_home: false
 *     system: false
 *     sudo: "ALL=(ALL) NOPASSWD:ALL"    # or a list of rules, or false
 *     passwd: "$6$..."                  # a crypt hash; absent: locked
 *     lock_passwd: false                # true locks a given passwd too
 *     autologin: false                  # true: every console logs this user in without a password
 *     ssh_authorized_keys: ["ssh-ed25519 AAAA...", "file:~/.ssh/id_ed25519.pub"]
 * }</pre>
 *
 * @param name {@code [a-z_][a-z0-9_-]{0,31}}, not root and not an account that Debian's base system has
 * @param gecos the full name, or empty
 * @param uid 1 to 4294967294; absent: the next free one
 * @param primaryGroup a group's name; absent: a group of the user's own
 * @param groups further groups, no duplicates; made if they do not exist
 * @param shell an absolute path inside the root
 * @param home an absolute path inside the root
 * @param createHome whether the home directory is made from {@code /etc/skel}
 * @param system whether the uid comes from the system range
 * @param sudo rules for a file of sudoers.d, without the user's name
 * @param passwd absent: locked
 * @param autologin whether {@code tty1} and the serial consoles log this user in by themselves
 * @param sshAuthorizedKeys may be empty
 */
public record User(
        String name,
        String gecos,
        Optional<Long> uid,
        Optional<String> primaryGroup,
        List<String> groups,
        Path shell,
        Path home,
        boolean createHome,
        boolean system,
        List<String> sudo,
        Optional<PasswordHash> passwd,
        boolean autologin,
        List<SshKey> sshAuthorizedKeys) {

    /** Copies the lists. */
    public User {
        groups = List.copyOf(groups);
        sudo = List.copyOf(sudo);
        sshAuthorizedKeys = List.copyOf(sshAuthorizedKeys);
    }

    /** {@return whether there is a way in: a shell, and a key, a usable password or autologin} */
    public boolean canLogIn() {
        return hasShell()
                && (autologin
                        || !sshAuthorizedKeys.isEmpty()
                        || passwd.map(PasswordHash::usable).orElse(false));
    }

    /** {@return whether the shell is one, and not a program that ends at once} */
    public boolean hasShell() {
        return !shell.endsWith("nologin") && !shell.endsWith("false");
    }
}
