package dev.nbroot.system;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The machine that nbroot runs on: what it is, what it has, who we are on it.
 *
 * @param top {@code /}; tests give a directory of their own
 */
public record Host(Path top) {
    private static final List<String> SEARCHED =
            List.of("usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin");

    /** {@return the machine that nbroot runs on} */
    public static Host real() {
        return new Host(Path.of("/"));
    }

    /** {@return whether this process may do everything (proc_pid_status(5): the effective user is 0)} */
    public boolean isRoot() {
        return line("proc/self/status", "Uid:\\s+\\d+\\s+(\\d+).*").orElse("").equals("0");
    }

    /** {@return whether a program is installed in one of the system's directories} */
    public boolean hasTool(String name) {
        return SEARCHED.stream()
                .anyMatch(directory -> Files.isExecutable(top.resolve(directory).resolve(name)));
    }

    /**
     * Checks that this process is root.
     *
     * @param why what root is needed for, as in "mount file systems"
     * @throws Failure of kind {@code HOST}
     */
    public void requireRoot(String why) {
        if (!isRoot()) {
            throw Failure.of(FailureKind.HOST, "only root can " + why, "run it with sudo");
        }
    }

    /**
     * Checks that a program is installed.
     *
     * @param why what it is needed for, as in "to boot a virtual machine"
     * @param debianPackage the package that has it
     * @throws Failure of kind {@code HOST}
     */
    public void requireProgram(String name, String why, String debianPackage) {
        if (!hasTool(name)) {
            throw Failure.of(
                    FailureKind.HOST,
                    "the program " + name + " is not installed; it is needed " + why,
                    "apt-get install " + debianPackage);
        }
    }

    /** {@return whether a file of the host exists, given by its absolute path} */
    public boolean hasFile(Path file) {
        return Files.isReadable(at(file));
    }

    /** {@return where a file of the host lies} */
    public Path at(Path file) {
        return top.resolve(Path.of("/").relativize(file));
    }

    /** {@return the host's {@code /etc/apt}} */
    public Path apt() {
        return top.resolve("etc/apt");
    }

    /** {@return {@code VERSION_CODENAME} of os-release(5), or empty} */
    public String codename() {
        return osRelease("VERSION_CODENAME");
    }

    /** {@return {@code ID} of os-release(5), or empty} */
    public String distribution() {
        return osRelease("ID");
    }

    /** {@return this machine's architecture by Debian's name; Java's own name where they are alike} */
    public String architecture() {
        String name = System.getProperty("os.arch");
        return name.equals("aarch64") ? "arm64" : name;
    }

    /** {@return bytes that can be used without swapping ({@code MemAvailable} of proc_meminfo(5))} */
    public long memoryAvailable() {
        return line("proc/meminfo", "MemAvailable:\\s+(\\d+) kB")
                        .map(Long::parseLong)
                        .orElse(0L)
                * 1024;
    }

    /** {@return debootstrap's own default for suites that do not name a mirror} */
    public Optional<String> debootstrapMirror() {
        return line("usr/sbin/debootstrap", "DEF_MIRROR=\"?([^\"\\s]+)\"?").map(uri -> uri.replaceFirst("/+$", ""));
    }

    /**
     * {@return the name of the script by which this debootstrap makes a suite: the suite's own, or else one of others}
     *
     * @param others suites whose script makes this one too, the best first
     */
    public Optional<String> debootstrapScript(String suite, List<String> others) {
        return Stream.concat(Stream.of(suite), others.stream())
                .filter(name -> Files.exists(
                        top.resolve("usr/share/debootstrap/scripts").resolve(name)))
                .findFirst();
    }

    private String osRelease(String key) {
        return line("etc/os-release", key + "=\"?([^\"]*)\"?").orElse("");
    }

    private Optional<String> line(String file, String regex) {
        Path path = top.resolve(file);
        if (!Files.isReadable(path)) {
            return Optional.empty();
        }
        Pattern pattern = Pattern.compile(regex);
        try {
            return Files.readAllLines(path).stream()
                    .map(pattern::matcher)
                    .filter(Matcher::matches)
                    .map(matcher -> matcher.group(1))
                    .findFirst();
        } catch (IOException e) {
            throw Failure.io("read", path, e);
        }
    }
}
