package dev.nbroot.release;

import java.util.Optional;

/**
 * The word of a kernel command line that says how an initrd gets the machine's address.
 *
 * @param server the server's IPv4 address
 */
record InitrdAddress(String server) {
    /**
     * {@return the word for a generator}
     *
     * <p>initramfs-tools: {@code ip=client:server:gateway:netmask:hostname:device:autoconf}
     * (Documentation/admin-guide/nfs/nfsroot.rst). The device stays empty: its name is the client's affair, and BOOTIF
     * tells the initramfs which one it is. dracut: {@code ip=client:peer:...}, where a peer would make the link a
     * point-to-point one (systemd-network-generator(8)).
     *
     * @param fixed the machine's address; absent: it asks DHCP
     */
    String word(InitrdGenerator generator, Optional<ClientAddress> fixed) {
        return fixed.map(own -> switch (generator) {
                    case INITRAMFS_TOOLS ->
                        "ip=" + own.address() + ":" + server + "::" + own.mask() + ":" + own.hostname() + "::off";
                    case DRACUT -> "ip=" + own.address() + ":::" + own.mask() + ":" + own.hostname() + "::none";
                })
                .orElse("ip=dhcp");
    }
}
