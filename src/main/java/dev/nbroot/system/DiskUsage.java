package dev.nbroot.system;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * How much of a disk trees take, as du(1) counts: allocated blocks, a file with several names once. What trees share by
 * reflinks is counted in each.
 *
 * @param commands runs du
 */
public record DiskUsage(Commands commands) {
    /**
     * {@return the bytes that a tree takes, 0 when it is gone; other file systems mounted below do not count}
     *
     * @throws Failure of kind {@code COMMAND} when it cannot be walked
     */
    public long of(Path tree) {
        // Status 1: something was deleted while du was looking.
        Commands.Result result = commands.run(
                Invocation.of("du", "--summarize", "--one-file-system", "--block-size=1", "--", tree.toString())
                        .accepting(0, 1));
        String first = result.text().replaceFirst("\\s.*", "");
        if (first.isEmpty() && !Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        if (!first.matches("[0-9]+")) {
            throw Failure.of(FailureKind.FAILED, "cannot tell how large " + tree + " is", "run nbroot as root");
        }
        return Long.parseLong(first);
    }
}
