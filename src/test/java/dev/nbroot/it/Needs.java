package dev.nbroot.it;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What an integration test needs of the host. Where something lacks the test is skipped and says why; in CI (the
 * environment variable {@code CI}) that is a failure, because a boot that nobody saw proves nothing.
 */
public final class Needs {
    private Needs() {}

    /** Skips, or in CI fails, unless this process is root. */
    public static void root() {
        that("root".equals(System.getProperty("user.name")), "needs root");
    }

    /** Skips, or in CI fails, unless these programs are installed. */
    public static void programs(String... names) {
        for (String name : names) {
            boolean found = Stream.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
            that(found, "needs the program " + name);
        }
    }

    /** Skips, or in CI fails, unless this file is there. */
    public static void file(Path file, String debianPackage) {
        that(Files.exists(file), "needs " + file + " of the package " + debianPackage);
    }

    /** Skips, or in CI fails, unless something holds. */
    public static void that(boolean holds, String what) {
        if (!holds && System.getenv("CI") != null) {
            fail(what + ", and a test skipped in CI is a failure");
        }
        assumeTrue(holds, what);
    }
}
