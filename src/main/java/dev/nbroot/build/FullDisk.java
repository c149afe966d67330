package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes one sentence of what a program says when it finds no space. */
final class FullDisk {
    /** strerror(3) of ENOSPC in the C locale, which all commands get. */
    static final String SAYING = "No space left on device";

    private static final long MEBIBYTE = 1024 * 1024;

    private FullDisk() {}

    /**
     * {@return a command's failure for want of space as one of kind {@code FAILED}; others as they are}
     *
     * @param state a directory on the file system that roots and cache are on
     */
    static Failure explain(Failure failure, Path state) {
        // A hook fills what it likes.
        boolean hook = failure.getMessage().matches("(?s)\\w+ hook failed .*");
        boolean other = failure.kind() != FailureKind.COMMAND && failure.kind() != FailureKind.FAILED;
        if (hook || other || !isSaid(failure)) {
            return failure;
        }
        List<String> details = new ArrayList<>(List.of(failure.getMessage()));
        details.addAll(failure.details());
        return Failure.of(
                        FailureKind.FAILED,
                        "no space was left: " + failure.getMessage().replaceFirst(" \\(.*", "") + "; " + state + " has "
                                + free(state) + " MB free now",
                        "free some space, or use --state on a larger file system",
                        failure)
                .withDetails(details);
    }

    /** {@return whether a command said in its last lines that there was no space} */
    static boolean isSaid(Failure failure) {
        return failure.details().stream().anyMatch(line -> line.contains(SAYING));
    }

    private static long free(Path state) {
        try {
            return Files.getFileStore(state).getUsableSpace() / MEBIBYTE;
        } catch (IOException e) {
            throw Failure.io("ask for the free space of", state, e);
        }
    }
}
