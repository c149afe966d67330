package dev.nbroot.check;

import dev.nbroot.check.RootFiles.RootFile;
import dev.nbroot.profile.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Whatever may take the boot interface down, or its address away: the root file system comes over it, so the machine would
 * hang. nbroot's own networkd file keeps it up; traps are programs and files that act before or beside it.
 */
final class NetworkChecks {
    /** systemd.network(5): of several files that match, the first by name wins. */
    private static final String OWN_FILE = "50-nbroot-ethernet.network";

    /** interfaces(5): {@code manual} leaves an interface as it is. */
    private static final Pattern IFUPDOWN_WIRED =
            Pattern.compile("(?m)^\\s*iface\\s+(?!lo\\b|wl)\\S+\\s+inet\\s+(dhcp|static|bootp)\\b");

    private static final Pattern MATCHES_WIRED = Pattern.compile(
            "(?m)^\\s*(Type\\s*=.*\\bether\\b|Name\\s*=.*(\\*|\\be(th|n)\\S*)|(Permanent)?MACAddress\\s*=)");

    private static final Pattern KEEPS = Pattern.compile("(?mi)^\\s*KeepConfiguration\\s*=\\s*(yes|true|on|1)\\s*$");

    private static final Pattern NETPLAN_WIRED = Pattern.compile("(?m)^\\s*ethernets\\s*:");
    private static final Pattern NETPLAN_CRITICAL = Pattern.compile("(?m)^\\s*critical\\s*:\\s*(true|yes|on)\\b");

    /**
     * A program that manages every interface it finds.
     *
     * @param unit its service
     * @param directory where its settings lie
     * @param exception by what its settings leave an interface alone
     */
    private record Taker(String name, String unit, String directory, Pattern exception, String hint) {}

    private static final Map<String, Taker> TAKERS = Map.of(
            "network-manager",
            new Taker(
                    "NetworkManager",
                    "NetworkManager.service",
                    "/etc/NetworkManager/conf.d",
                    Pattern.compile("(?m)^\\s*unmanaged-devices\\s*="),
                    "leave it out, or write /etc/NetworkManager/conf.d/wired.conf with [keyfile] and"
                            + " unmanaged-devices=type:ethernet"),
            "connman",
            new Taker(
                    "connman",
                    "connman.service",
                    "/etc/connman",
                    Pattern.compile("(?m)^\\s*NetworkInterfaceBlacklist\\s*="),
                    "leave it out, or write /etc/connman/main.conf with [General] and NetworkInterfaceBlacklist=en,eth"));

    private NetworkChecks() {}

    static void judge(Profile profile, RootFiles files, Findings findings) {
        for (int i = 0; i < profile.packages().size(); i++) {
            String name = profile.packages().get(i);
            taker(TAKERS.get(name), "packages[" + i + "]", files, findings);
            if (name.matches("dhcpcd5?")) {
                findings.warning(
                        "packages[" + i + "]",
                        name + " asks for addresses on every interface, beside systemd-networkd",
                        "leave it out; dhcpcd-base has the program without the service");
            }
        }
        for (int i = 0; i < profile.services().enable().size(); i++) {
            String unit = profile.services().enable().get(i);
            String key = "services.enable[" + i + "]";
            TAKERS.values().stream()
                    .filter(taker -> taker.unit().equals(unit))
                    .forEach(taker -> taker(taker, key, files, findings));
        }
        ifupdown(files, findings);
        networkd(files, findings);
        netplan(files, findings);
    }

    private static void taker(Taker taker, String key, RootFiles files, Findings findings) {
        if (taker != null
                && files.in(taker.directory()).stream()
                        .noneMatch(
                                file -> taker.exception().matcher(file.text()).find())) {
            findings.error(
                    key,
                    taker.name()
                            + " takes over the interface that the root file system comes over, and the machine hangs when"
                            + " it sets it up anew",
                    taker.hint());
        }
    }

    /** Its service ends with {@code ifdown -a}, whatever the root lies on. */
    private static void ifupdown(RootFiles files, Findings findings) {
        List<RootFile> all = new ArrayList<>(files.at("/etc/network/interfaces"));
        all.addAll(files.in("/etc/network/interfaces.d"));
        for (RootFile file : all) {
            if (IFUPDOWN_WIRED.matcher(file.text()).find()) {
                findings.error(
                        file.key(),
                        file.path() + " lets ifupdown take an interface down that the root file system may come over",
                        "write \"inet manual\" for wired interfaces: systemd-networkd keeps their address");
            }
        }
    }

    private static void networkd(RootFiles files, Findings findings) {
        for (RootFile file : files.in("/etc/systemd/network")) {
            boolean first = file.name().endsWith(".network") && file.name().compareTo(OWN_FILE) <= 0;
            if (first
                    && MATCHES_WIRED.matcher(file.text()).find()
                    && !KEEPS.matcher(file.text()).find()) {
                findings.error(
                        file.key(),
                        file.path() + " comes before nbroot's " + OWN_FILE + ", and does not keep the address that the"
                                + " root file system comes over",
                        "add KeepConfiguration=yes to its [Network], or let its name sort behind");
            }
        }
    }

    /** What netplan writes for networkd comes before nbroot's file. */
    private static void netplan(RootFiles files, Findings findings) {
        for (RootFile file : files.in("/etc/netplan")) {
            if (NETPLAN_WIRED.matcher(file.text()).find()
                    && !NETPLAN_CRITICAL.matcher(file.text()).find()) {
                findings.error(
                        file.key(),
                        file.path() + " does not keep the address that the root file system comes over",
                        "add critical: true and dhcp-identifier: mac to the wired interface");
            }
        }
    }
}
