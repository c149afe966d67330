package dev.nbroot.build;

import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a build needs to know of the machine it runs on.
 *
 * @param top {@code /}; tests give a directory of their own
 */
public record Host(Path top) {
    private static final List<String> SEARCHED = List.of("usr/sbin", "usr/bin", "sbin", "bin");

    /** {@return the machine that nbroot runs on} */
    public static Host real() {
        return new Host(Path.of("/"));
    }

    /** {@return whether this process may do everything (proc_pid_status(5): the effective user is 0)} */
    boolean isRoot() {
        return line("proc/self/status", "Uid:\\s+\\d+\\s+(\\d+).*").orElse("").equals("0");
    }

    /** {@return whether a program is installed in one of the system's directories} */
    boolean hasTool(String name) {
        return SEARCHED.stream()
                .anyMatch(directory -> Files.isExecutable(top.resolve(directory).resolve(name)));
    }

    /** {@return whether a file of the host exists, given by its absolute path} */
    boolean hasFile(Path file) {
        return Files.isReadable(at(file));
    }

    /** {@return where a file of the host lies} */
    Path at(Path file) {
        return top.resolve(Path.of("/").relativize(file));
    }

    /** {@return the host's {@code /etc/apt}} */
    Path apt() {
        return top.resolve("etc/apt");
    }

    /** {@return {@code VERSION_CODENAME} of os-release(5), or empty} */
    String codename() {
        return osRelease("VERSION_CODENAME");
    }

    /** {@return {@code ID} of os-release(5), or empty} */
    String distribution() {
        return osRelease("ID");
    }

    /** {@return this machine's architecture by Debian's name; Java's own name where they are alike} */
    String architecture() {
        String name = System.getProperty("os.arch");
        return name.equals("aarch64") ? "arm64" : name;
    }

    /** {@return bytes that can be used without swapping ({@code MemAvailable} of proc_meminfo(5))} */
    long memoryAvailable() {
        return line("proc/meminfo", "MemAvailable:\\s+(\\d+) kB")
                        .map(Long::parseLong)
                        .orElse(0L)
                * 1024;
    }

    /** {@return debootstrap's own default for suites that do not name a mirror} */
    Optional<String> debootstrapMirror() {
        return line("usr/sbin/debootstrap", "DEF_MIRROR=\"?([^\"\\s]+)\"?").map(uri -> uri.replaceFirst("/+$", ""));
    }

    /** {@return whether this debootstrap knows a suite} */
    boolean debootstrapKnows(String suite) {
        return Files.exists(top.resolve("usr/share/debootstrap/scripts").resolve(suite));
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
