package dev.nbroot.nfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many descriptors this process may have open (RLIMIT_NOFILE, proc(5) "limits"). The Java machine raises the soft
 * limit to the hard one when it starts (java(1), MaxFDLimit).
 */
final class DescriptorLimit {
    private static final long POSIX_LEAST = 1024;

    private DescriptorLimit() {}

    static long ofThisProcess() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith("Max open files")) {
                    String soft =
                            line.substring("Max open files".length()).trim().split("\\s+")[0];
                    return soft.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(soft);
                }
            }
            return POSIX_LEAST;
        } catch (IOException | NumberFormatException e) {
            // Without /proc the least that every system gives is assumed.
            return POSIX_LEAST;
        }
    }
}
