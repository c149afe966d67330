package dev.nbroot.build;

import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Mounts what commands in a root need, and puts what they need to reach the network into its volatile {@code /run}.
 * None of it is part of the root.
 *
 * @param settings how apt behaves in hooks
 * @param hostname what packages and hooks see as the machine's name
 */
record OpenRoot(AptSettings settings, String hostname) {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final Path AUTHORITIES = Path.of("/etc/ssl/certs/ca-certificates.crt");

    /** What systemd-resolved wants /etc/resolv.conf to be; it leads into the volatile /run. */
    static final String STUB = "/run/systemd/resolve/stub-resolv.conf";

    void perform(BuildSite site) {
        site.script(
                "mount-late.sh",
                site.tree().toString(),
                site.archives().toString(),
                site.lists().toString(),
                hostname);
        connect(site, settings);
    }

    /** Puts what commands need to reach the network into the mounted {@code /run}. */
    static void connect(BuildSite site, AptSettings settings) {
        TreeWriter tree = new TreeWriter(site.reachable());
        try {
            tree.write(Path.of(STUB), Files.readAllBytes(RESOLV_CONF), 0644, false);
            if (Files.isReadable(AUTHORITIES)) {
                tree.write(Path.of(AptSettings.AUTHORITIES), Files.readAllBytes(AUTHORITIES), 0644, false);
            }
        } catch (IOException e) {
            throw Failure.io("set up the network of the root", site.tree(), e);
        }
        tree.write(settings.file());
        tree.write(AptSettings.SETCAP);
    }
}
