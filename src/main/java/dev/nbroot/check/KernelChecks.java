package dev.nbroot.check;

import dev.nbroot.profile.Boot;
import dev.nbroot.profile.Kernel;
import dev.nbroot.profile.Profile;
import dev.nbroot.release.InitrdGenerator;
import dev.nbroot.release.Release;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernel, its command line and its consoles. */
final class KernelChecks {
    private static final Set<String> ARM = Set.of("arm64", "armhf", "armel");

    /** Which architectures have a serial line of this name (kernel, Documentation/admin-guide/devices.txt). */
    private static final Map<String, Set<String>> CONSOLES = Map.of(
            "ttyAMA", ARM,
            "ttymxc", ARM,
            "ttyMSM", ARM,
            "ttySAC", ARM,
            "ttySTM", ARM,
            "ttyO", ARM,
            "ttySIF", Set.of("riscv64"),
            "ttysclp", Set.of("s390x"),
            "sclp_line", Set.of("s390x"),
            "xvc", Set.of("amd64", "i386"));

    /** NFS version 4 in whatever option somebody may have seen it in. */
    private static final Pattern NFS4 = Pattern.compile("(.*[=,])?((nfs)?vers=4(\\.\\d)?|v4(\\.\\d)?|nfs4)([,:].*)?");

    private static final Pattern KERNEL_FOR =
            Pattern.compile("linux-image-(?:[a-z0-9.+-]*-)?(amd64|arm64|armmp|686(?:-pae)?|powerpc64le|riscv64|s390x)");

    private static final Map<String, String> KERNEL_ARCHITECTURES =
            Map.of("armmp", "armhf", "686", "i386", "686-pae", "i386", "powerpc64le", "ppc64el");

    private KernelChecks() {}

    static void judge(Profile profile, Optional<Release> release, Findings findings) {
        consoles(profile, findings);
        boolean klibc = release.map(known -> usesKlibc(profile, known)).orElse(false);
        for (int i = 0; i < profile.boot().cmdline().size(); i++) {
            word("boot.cmdline[" + i + "]", profile.boot().cmdline().get(i), klibc, findings);
        }
        kernel(profile, findings);
    }

    private static boolean usesKlibc(Profile profile, Release release) {
        return release.generator(profile.initramfs().generator().word())
                .filter(generator -> generator == InitrdGenerator.INITRAMFS_TOOLS)
                .isPresent();
    }

    private static void consoles(Profile profile, Findings findings) {
        String architecture = profile.bootstrap().architecture();
        List<Boot.Console> consoles = profile.boot().console();
        for (int i = 0; i < consoles.size(); i++) {
            String device = consoles.get(i).device();
            Set<String> having = CONSOLES.get(device.replaceFirst("[0-9]+$", ""));
            boolean missing = architecture.equals("s390x")
                    ? !device.matches("(hvc|ttysclp|sclp_line|ttyS)[0-9]+")
                    : having != null && !having.contains(architecture);
            if (missing) {
                findings.error(
                        "boot.console[" + i + "]",
                        "no " + architecture + " machine has the console " + device
                                + ", so nothing would be seen there",
                        architecture.equals("s390x")
                                ? "write ttysclp0"
                                : ARM.contains(architecture) ? "write ttyAMA0 or ttyS0" : "write ttyS0 or tty0");
            }
        }
    }

    private static void word(String key, String word, boolean klibc, Findings findings) {
        if (!word.matches("[!-~]+")) {
            findings.error(
                    key, "a boot loader's file cannot carry a word with such letters", "write ASCII letters only");
        }
        if (klibc && NFS4.matcher(word).matches()) {
            findings.error(
                    key,
                    "the initrd mounts the root with klibc's nfsmount, which knows NFS versions 2 and 3 only",
                    "leave it out");
        }
        if (word.equals("ro") || word.equals("rw")) {
            findings.error(key, "nbroot writes ro or rw for each root and client", "leave it out");
        }
        if (word.startsWith("resume=")) {
            findings.warning(
                    key, "a diskless machine has nothing to resume from, and would wait for it", "leave it out");
        }
        if (word.startsWith("systemd.volatile=") || word.startsWith("overlayroot=")) {
            findings.warning(
                    key, "the initrd lays memory over the root already", "leave it out: boot.mode: stateless does it");
        }
    }

    private static void kernel(Profile profile, Findings findings) {
        String architecture = profile.bootstrap().architecture();
        if (profile.kernel() instanceof Kernel.Package named) {
            foreign(named.name(), architecture)
                    .ifPresent(other -> findings.error(
                            "kernel",
                            named.name() + " is a kernel for " + other + ", and the root is for " + architecture,
                            "write kernel: auto"));
        }
        for (int i = 0; i < profile.packages().size(); i++) {
            String name = profile.packages().get(i);
            boolean same = profile.kernel() instanceof Kernel.Package named
                    && named.name().equals(name);
            if (name.startsWith("linux-image-") && !same) {
                findings.warning(
                        "packages[" + i + "]",
                        name + " may be a second kernel beside the one that kernel: names, and the newest would boot",
                        "write kernel: " + name + " instead");
            }
        }
    }

    private static Optional<String> foreign(String name, String architecture) {
        Matcher matcher = KERNEL_FOR.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String other = KERNEL_ARCHITECTURES.getOrDefault(matcher.group(1), matcher.group(1));
        return other.equals(architecture) ? Optional.empty() : Optional.of(other);
    }
}
