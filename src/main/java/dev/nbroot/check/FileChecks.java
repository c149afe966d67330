package dev.nbroot.check;

import dev.nbroot.check.RootFiles.RootFile;
import dev.nbroot.profile.Profile;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Files of the profile's own that no diskless root should have. */
final class FileChecks {
    /** fstab(5): an entry that is mounted at {@code /}. */
    private static final Pattern ROOT_ENTRY = Pattern.compile("(?m)^\\s*[^#\\s]\\S*\\s+/\\s.*$");

    private static final Pattern DISK_ENTRY =
            Pattern.compile("(?m)^\\s*(/dev/(sd|nvme|vd|hd|xvd|mmcblk|md|mapper|disk)|(PART)?(UUID|LABEL)=)\\S*\\s.*$");

    private FileChecks() {}

    static void judge(Profile profile, RootFiles files, Findings findings) {
        for (RootFile fstab : files.at("/etc/fstab")) {
            fstab(fstab, findings);
        }
        each(
                files.at("/etc/machine-id"),
                findings,
                "is emptied again: every machine has its own",
                "leave it out: nbroot clone gives each client one");
        each(
                files.at("/etc/hostname"),
                findings,
                "is what hostname: is for, and clones write their own",
                "write hostname: instead");
        each(
                files.at("/etc/resolv.conf"),
                findings,
                "takes the place of the link to what systemd-resolved learns from DHCP",
                "leave it out, unless every machine shall use these name servers for ever");
        each(
                files.in("/etc/ssh").stream()
                        .filter(file -> file.name().startsWith("ssh_host_"))
                        .toList(),
                findings,
                "is deleted again: machines must not share host keys",
                "leave it out: each machine makes its own");
        proxy(profile, files, findings);
    }

    private static void fstab(RootFile fstab, Findings findings) {
        if (ROOT_ENTRY.matcher(fstab.text()).find()) {
            findings.error(
                    fstab.key(),
                    "/etc/fstab has an entry for /, which would be mounted again at boot and fail over NFS",
                    "leave that line out: the initrd mounts the root");
        }
        boolean waits = DISK_ENTRY
                .matcher(fstab.text())
                .results()
                .anyMatch(line -> !line.group().matches("(?s).*\\b(nofail|noauto|x-systemd\\.device-timeout).*"));
        if (waits) {
            findings.warning(
                    fstab.key(),
                    "/etc/fstab names a disk, for which a machine without it waits 90 seconds at boot",
                    "add nofail to its options");
        }
    }

    private static void each(List<RootFile> files, Findings findings, String message, String hint) {
        files.forEach(file -> findings.warning(file.key(), file.path() + " " + message, hint));
    }

    /** The tree is checked for it in the end; then the whole build would have been for nothing. */
    private static void proxy(Profile profile, RootFiles files, Findings findings) {
        Optional<String> proxy = profile.apt().httpProxy();
        files.in("/etc/apt/apt.conf.d").stream()
                .filter(file -> proxy.filter(file.text()::contains).isPresent())
                .forEach(file -> findings.error(
                        file.key(),
                        file.path() + " has the proxy of the build, which must not stay in the root",
                        "leave it out: apt.http_proxy is for building only"));
    }
}
