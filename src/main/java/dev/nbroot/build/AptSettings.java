package dev.nbroot.build;

import dev.nbroot.system.Invocation;
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

    /** Where a copy of the host's certificate authorities lies: ca-certificates comes with the same transaction. */
    static final String AUTHORITIES = BuildSite.RUN + "/ca-certificates.crt";

    /** INITRD=No keeps the kernel packages from making an initrd that would be made again (initramfs-tools). */
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "DEBIAN_FRONTEND", "noninteractive",
            "DEBCONF_NONINTERACTIVE_SEEN", "true",
            "UCF_FORCE_CONFFOLD", "1",
            "INITRD", "No",
            "APT_CONFIG", FILE);

    /** {@return the command as it must run in a root that is being made} */
    static Invocation apply(Invocation invocation) {
        Invocation set = invocation;
        for (Map.Entry<String, String> variable : ENVIRONMENT.entrySet()) {
            set = set.with(variable.getKey(), variable.getValue());
        }
        return set;
    }

    /** {@return apt.conf(5) for the build} */
    TreeFile file() {
        String text = """
                APT::Install-Recommends "%s";
                APT::Get::Assume-Yes "true";
                Acquire::Languages "none";
                Acquire::Retries "3";
                Acquire::http::Timeout "30";
                Acquire::https::CAInfo "%s";
                Acquire::Check-Valid-Until "%s";
                DPkg::Use-Pty "0";
                DPkg::Options { "--force-unsafe-io"; "--force-confdef"; "--force-confold"; };
                """.formatted(installRecommends, AUTHORITIES, !anyAge);
        String proxies = proxy.stream()
                .map(uri -> "Acquire::http::Proxy \"" + uri + "\";\nAcquire::https::Proxy \"" + uri + "\";\n")
                .collect(Collectors.joining());
        return new TreeFile(FILE, text + proxies, 0600);
    }
}
