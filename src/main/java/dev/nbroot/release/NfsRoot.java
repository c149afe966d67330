package dev.nbroot.release;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of a kernel command line that make a machine mount its root over NFS.
 *
 * @param server the server's IPv4 address: always said, because the initramfs would otherwise take the DHCP server
 *     (Debian) or even the gateway (Ubuntu's dhcpcd hook) for it
 * @param path the exported path
 * @param writable whether the root is mounted read-write
 * @param port the NFS port; 2049 is not written down
 */
public record NfsRoot(String server, Path path, boolean writable, int port) {
    private static final int STANDARD_PORT = 2049;

    /**
     * {@return the words for a generator}
     *
     * <p>For initramfs-tools the options are those that klibc's nfsmount knows: it stops at anything else, and
     * {@code proto=tcp} or {@code vers=4} are among those. Giving any option replaces its default {@code retrans=10}.
     */
    public List<String> words(InitrdGenerator generator) {
        if (generator != InitrdGenerator.INITRAMFS_TOOLS) {
            throw new IllegalArgumentException("no dialect for " + generator);
        }
        List<String> options = new ArrayList<>(List.of("vers=3", "tcp", "hard", "timeo=600", "retrans=2"));
        if (port != STANDARD_PORT) {
            options.add("port=" + port);
        }
        return List.of(
                "root=/dev/nfs",
                "nfsroot=" + server + ":" + path + "," + String.join(",", options),
                "ip=dhcp",
                writable ? "rw" : "ro");
    }
}
