package dev.nbroot.profile;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is wanted, as read from a YAML file, its includes and {@code --set} options: complete (defaults filled in) and
 * valid as far as it can be judged without a release table, a mirror or root.
 *
 * <pre>{@code
 * name: bookworm                # required; also names a directory
 * include: [base/debian.yaml]   # merged first: maps deeply, lists append, scalars override
 * bootstrap: {suite: bookworm}  # required
 * packages: [less, -nano]       # -nano removes what an include added
 * hostname: node
 * locale: C.UTF-8
 * locales: [de_DE.UTF-8]
 * timezone: Etc/UTC
 * ssh_pwauth: false
 * }</pre>
 *
 * @param name {@code [a-z0-9][a-z0-9.-]{0,62}}
 * @param bootstrap where the packages come from
 * @param apt how packages are installed
 * @param packages Debian package names to install, without duplicates, in the order written
 * @param kernel which kernel to boot
 * @param hostname an RFC 1123 name of at most 64 characters; clients have their own
 * @param locale the value of {@code LANG}, as in {@code de_DE.UTF-8}
 * @param locales further locales to generate, without duplicates
 * @param timezone a zone of the tz database, as in {@code Europe/Berlin}
 * @param keyboard the console's keyboard; absent means the kernel's own (US)
 * @param users the people, no name twice; none is called root
 * @param root the superuser's account
 * @param sshPwauth whether sshd accepts passwords
 * @param writeFiles files to write, in the order written
 * @param overlays directory trees to copy over the root, absolute, each an existing directory, in the order written
 * @param services units to enable, disable, mask
 * @param swap where unused memory goes
 * @param scratch what directories lie on that cannot lie on NFS; absent means that they lie there
 * @param persist directories of stateless clients that the server keeps: absolute, none inside another
 * @param hooks the user's own commands
 * @param initramfs how the initrd is made
 * @param boot how a machine boots it
 * @param provenance the files read, and who set what
 */
public record Profile(
        String name,
        Bootstrap bootstrap,
        Apt apt,
        List<String> packages,
        Kernel kernel,
        String hostname,
        String locale,
        List<String> locales,
        String timezone,
        Optional<Keyboard> keyboard,
        List<User> users,
        RootAccount root,
        boolean sshPwauth,
        List<WriteFile> writeFiles,
        List<Path> overlays,
        Services services,
        Swap swap,
        Optional<Scratch> scratch,
        List<Path> persist,
        Hooks hooks,
        Initramfs initramfs,
        Boot boot,
        Provenance provenance) {

    /** Copies the lists. */
    public Profile {
        packages = List.copyOf(packages);
        locales = List.copyOf(locales);
        users = List.copyOf(users);
        writeFiles = List.copyOf(writeFiles);
        overlays = List.copyOf(overlays);
        persist = List.copyOf(persist);
    }

    /**
     * {@return where a value was written, for a message about it; the nearest enclosing block when it is a default}
     *
     * @param path as in {@code bootstrap.suite}, {@code users[0].passwd}, {@code packages[2]}
     */
    public Position where(String path) {
        return provenance.where(path);
    }

    /**
     * {@return the whole merged profile as JSON of one line, keys sorted, for hashes and for the manifest}
     *
     * <p>Two profiles that ask for the same root give the same text, however they are split into files. Passwords, file
     * contents and debconf answers are in it as SHA-256 only, paths of the host relative to the profile.
     */
    public String canonicalJson() {
        return CanonicalJson.text(CanonicalTree.of(this));
    }

    /** {@return every value of the merged profile with who set it, in the order of the manual} */
    public List<Setting> settings() {
        return Setting.allOf(ReadingOrder.of(CanonicalTree.of(this)), provenance);
    }

    /**
     * {@return the merged profile under the names of the YAML keys, in the order of the manual}
     *
     * <p>Maps, lists, texts, whole numbers and flags. It has all that the user's own files have, password hashes and file
     * contents too, and is a profile again; its relative paths begin where this profile lies.
     */
    public Map<String, Object> plain() {
        return ReadingOrder.of(PlainTree.of(this));
    }

    /** {@return {@link #plain()} as YAML} */
    public String yaml() {
        return ProfileYaml.text(plain());
    }

    /** {@return the directory that relative paths begin in} */
    public Path directory() {
        return provenance.file().toAbsolutePath().normalize().getParent();
    }
}
