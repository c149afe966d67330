package dev.nbroot.build;

import dev.nbroot.system.Invocation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How apt and dpkg behave while a root is made. The settings lie in the root's volatile /run, so they cannot stay.
 *
 * @param installRecommends whether recommended packages come along
 * @param proxy for downloads
 * @param anyAge whether an archive's old signature is accepted, for snapshots
 */
record AptSettings(boolean installRecommends, Optional<String> proxy, boolean anyAge) {
    private static final String FILE = BuildSite.RUN + "/apt.conf";

    private static final String INSTALL_FILE = BuildSite.RUN + "/install.conf";

    /** Where the chosen package files' descriptions lie while they are installed: an archive of their own. */
    static final String CHOSEN = BuildSite.RUN + "/chosen";

    /** Where a copy of the host's certificate authorities lies: ca-certificates comes with the same transaction. */
    static final String AUTHORITIES = BuildSite.RUN + "/ca-certificates.crt";

    /** INITRD=No keeps the kernel packages from making an initrd that would be made again (initramfs-tools). */
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "DEBIAN_FRONTEND", "noninteractive",
            "DEBCONF_NONINTERACTIVE_SEEN", "true",
            "UCF_FORCE_CONFFOLD", "1",
            "INITRD", "No");

    /**
     * NFSv3 carries no extended attributes, so machines do not see capabilities of files. Told so, packages do what they
     * would do on such a machine: those of Debian (iputils-ping, mtr-tiny, wireshark-common, ...) make a program setuid.
     */
    static final TreeFile SETCAP = new TreeFile(BuildSite.RUN + "/bin/setcap", """
            #!/bin/sh
            echo "setcap: a root that comes over NFS has no capabilities of files" >&2
            exit 1
            """, 0755);

    private static final String COMMON = """
            DPkg::Path "/run/nbroot/bin:/usr/sbin:/usr/bin:/sbin:/bin";
            APT::Get::Assume-Yes "true";
            Acquire::Languages "none";
            DPkg::Use-Pty "0";
            DPkg::Options { "--force-unsafe-io"; "--force-confdef"; "--force-confold"; };
            """;

    /** {@return the command as it must run in a root that is being made} */
    static Invocation apply(Invocation invocation) {
        return apply(invocation, FILE);
    }

    /** {@return the command as it must run when it may use the chosen package files only} */
    static Invocation installing(Invocation invocation) {
        return apply(invocation, INSTALL_FILE);
    }

    private static Invocation apply(Invocation invocation, String file) {
        Invocation set = invocation.with("APT_CONFIG", file);
        for (Map.Entry<String, String> variable : ENVIRONMENT.entrySet()) {
            set = set.with(variable.getKey(), variable.getValue());
        }
        return set;
    }

    /** {@return apt.conf(5) for hooks and debconf} */
    TreeFile file() {
        String text = """
                APT::Install-Recommends "%s";
                Acquire::https::CAInfo "%s";
                """.formatted(installRecommends, AUTHORITIES);
        return new TreeFile(FILE, text + COMMON + transport(), 0600);
    }

    /** {@return apt.conf(5) for the one transaction, which sees nothing but what was chosen} */
    static List<TreeFile> installFiles(List<String> stanzas) {
        String text = """
                APT::Install-Recommends "false";
                Dir::Etc::sourcelist "%1$s/sources.list";
                Dir::Etc::sourceparts "/dev/null";
                Dir::Etc::preferences "/dev/null";
                Dir::Etc::preferencesparts "/dev/null";
                Dir::State::lists "%1$s/lists";
                Dir::Cache::pkgcache "";
                Dir::Cache::srcpkgcache "";
                """.formatted(CHOSEN);
        return List.of(
                new TreeFile(INSTALL_FILE, text + COMMON, 0600),
                TreeFile.of(CHOSEN + "/sources.list", "deb [trusted=yes] file:" + CHOSEN + "/archive ./\n"),
                TreeFile.of(CHOSEN + "/lists/partial/.keep", ""),
                TreeFile.of(CHOSEN + "/archive/Packages", String.join("\n", stanzas)));
    }

    /** {@return the part of apt.conf(5) that says how to download} */
    String transport() {
        String proxies = proxy.stream()
                .map(uri -> "Acquire::http::Proxy \"" + uri + "\";\nAcquire::https::Proxy \"" + uri + "\";\n")
                .collect(Collectors.joining());
        return """
                Acquire::Languages "none";
                Acquire::Retries "3";
                Acquire::http::Timeout "30";
                Acquire::https::Timeout "30";
                Acquire::Check-Valid-Until "%s";
                """.formatted(!anyAge) + proxies;
    }
}
