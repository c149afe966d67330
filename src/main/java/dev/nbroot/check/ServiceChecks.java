package dev.nbroot.check;

import dev.nbroot.profile.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Units that a diskless machine must not start, or cannot do without. */
final class ServiceChecks {
    private static final Map<String, String> BETTER_WITHOUT = Map.of(
            "systemd-networkd-wait-online.service",
            "the network is up before systemd starts, so waiting for it can only delay the boot",
            "NetworkManager-wait-online.service",
            "the network is up before systemd starts, so waiting for it can only delay the boot",
            "nftables.service",
            "rules that do not let NFS through stop the machine",
            "ufw.service",
            "rules that do not let NFS through stop the machine",
            "firewalld.service",
            "rules that do not let NFS through stop the machine",
            "netfilter-persistent.service",
            "rules that do not let NFS through stop the machine",
            "apt-daily-upgrade.timer",
            "a diskless machine's software changes by a new generation, not by a timer");

    private static final Map<String, String> NEEDED = Map.of(
            "systemd-networkd.service",
            "nobody would renew the machine's DHCP lease, and its address could be given to another one",
            "systemd-resolved.service",
            "no name could be resolved: /etc/resolv.conf leads to it",
            "nbroot-ssh-keys.service",
            "sshd does not start on machines that have no host keys yet",
            "nbroot-scratch.service",
            "what scratch: says would not be done, and containers would begin on the NFS root",
            "nbroot-persist.service",
            "what persist: says would be lost at power-off, and without a word where the server keeps nothing",
            "systemd-udevd.service",
            "no driver would be loaded");

    private ServiceChecks() {}

    static void judge(Profile profile, Findings findings) {
        List<String> enabled = profile.services().enable();
        for (int i = 0; i < enabled.size(); i++) {
            String key = "services.enable[" + i + "]";
            String unit = enabled.get(i);
            if (unit.equals("networking.service")) {
                findings.error(
                        key,
                        unit + ": when it ends, it takes down every interface, and the root file system with it",
                        "leave it out: systemd-networkd keeps the boot interface");
            }
            if (BETTER_WITHOUT.containsKey(unit)) {
                findings.warning(key, unit + ": " + BETTER_WITHOUT.get(unit), "leave it out, unless you are sure");
            }
        }
        without(profile, "disable", profile.services().disable(), findings);
        without(profile, "mask", profile.services().mask(), findings);
    }

    private static void without(Profile profile, String verb, List<String> units, Findings findings) {
        boolean console = profile.root().autologin()
                || profile.users().stream().anyMatch(user -> user.autologin() && user.hasShell());
        for (int i = 0; i < units.size(); i++) {
            String key = "services." + verb + "[" + i + "]";
            String unit = units.get(i);
            List<String> reasons = new ArrayList<>();
            if (NEEDED.containsKey(unit)) {
                reasons.add(NEEDED.get(unit));
            }
            if (unit.equals("ssh.service") && !console) {
                reasons.add("nobody could log in over the network");
            }
            reasons.forEach(reason -> findings.warning(key, unit + ": " + reason, "leave it out, unless you are sure"));
        }
    }
}
