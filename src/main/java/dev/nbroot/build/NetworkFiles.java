package dev.nbroot.build;

import dev.nbroot.release.NetworkStack;
import java.util.ArrayList;
import java.util.List;

/** The files by which a running system keeps the interface that its root comes over. */
final class NetworkFiles {
    private NetworkFiles() {}

    /**
     * {@return them, for the network stack of a release}
     *
     * <p>netplan's rendering comes before the networkd file and has no key for all that matters; the rest goes into a
     * drop-in of what it renders. Netplan complains about files that everybody may read.
     */
    static List<TreeFile> of(NetworkStack stack) {
        List<TreeFile> files = new ArrayList<>(List.of(TreeFile.of(
                "/etc/systemd/network/50-nbroot-ethernet.network", Resource.text("root/50-nbroot-ethernet.network"))));
        if (stack == NetworkStack.NETPLAN) {
            files.add(new TreeFile("/etc/netplan/50-nbroot.yaml", Resource.text("root/netplan.yaml"), 0600));
            files.add(TreeFile.of(
                    "/etc/systemd/network/10-netplan-nbroot.network.d/nbroot.conf",
                    Resource.text("root/netplan-drop-in.conf")));
        }
        return files;
    }
}
