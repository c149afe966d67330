package dev.nbroot.release;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The words of a kernel command line that make a machine mount its root over NFS.
 *
 * @param server the server's IPv4 address: always said, because the initramfs would otherwise take the DHCP server
 *     (Debian) or even the gateway (Ubuntu's dhcpcd hook) for it
 * @param path the exported path; without a colon, which ends a path for dracut, and without a comma
 * @param writable whether the root is mounted read-write
 * @param port the NFS port; 2049 is not written down
 */
public record NfsRoot(String server, Path path, boolean writable, int port) {
    private static final int STANDARD_PORT = 2049;

    /**
     * {@return the words for a generator}
     *
     * @param fixed the machine's address; absent: it asks DHCP
     */
    public List<String> words(InitrdGenerator generator, Optional<ClientAddress> fixed) {
        return switch (generator) {
            case INITRAMFS_TOOLS -> initramfsTools(fixed);
            case DRACUT -> dracut(fixed);
        };
    }

    /**
     * The options are those that klibc's nfsmount knows: it stops at anything else, and {@code proto=tcp} or {@code
     * vers=4} are among those. Giving any option replaces its default {@code retrans=10}.
     */
    private List<String> initramfsTools(Optional<ClientAddress> fixed) {
        return List.of(
                "root=/dev/nfs",
                "nfsroot=" + server + ":" + path + "," + options("vers=3", "tcp", "hard", "timeo=600", "retrans=2"),
                new InitrdAddress(server).word(InitrdGenerator.INITRAMFS_TOOLS, fixed),
                access());
    }

    /**
     * dracut.cmdline(7): {@code root=nfs:server:path:options}; the options are those of nfs(5). Without {@code
     * mountproto} mount.nfs(8) would ask by UDP too.
     *
     * <p>{@code rd.neednet=1}, because the network is otherwise waited for only when
     * something else asks for it. {@code rd.retry}: a day, in seconds; after a power failure the server may come up
     * last, and dracut gives a shell instead of trying on after three minutes. {@code rd.bootif=0}, because the generators that understand PXELINUX's BOOTIF (seen
     * in systemd 262) then give the interface no address at all: an {@code ip=} without an interface is not for it. The
     * initrd has a script of nbroot's that reads BOOTIF.
     */
    private List<String> dracut(Optional<ClientAddress> fixed) {
        return List.of(
                "root=nfs:" + server + ":" + path + ":"
                        + options("vers=3", "proto=tcp", "mountproto=tcp", "hard", "timeo=600", "retrans=2"),
                "rd.neednet=1",
                "rd.bootif=0",
                "rd.retry=86400",
                new InitrdAddress(server).word(InitrdGenerator.DRACUT, fixed),
                access());
    }

    private String options(String... standard) {
        List<String> options = new ArrayList<>(List.of(standard));
        if (port != STANDARD_PORT) {
            options.add("port=" + port);
        }
        return String.join(",", options);
    }

    private String access() {
        return writable ? "rw" : "ro";
    }
}
