package dev.nbroot.release;

/** What a running system of a release configures its network with, below which networkd works in any case. */
public enum NetworkStack {
    /** systemd.network(5) files. */
    NETWORKD,
    /** netplan(5) files, rendered for networkd, which come before the system's own networkd files. */
    NETPLAN
}
