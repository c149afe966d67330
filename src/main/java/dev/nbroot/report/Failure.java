package dev.nbroot.report;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An expected problem, told to the user as one sentence and a next step.
 *
 * <p>Anything that reaches the edge and is not a {@code Failure} is a bug in nbroot.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final String hint;
    private final transient List<String> details;

    private Failure(FailureKind kind, String message, String hint, List<String> details, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.hint = hint;
        this.details = List.copyOf(details);
    }

    /**
     * Makes a failure.
     *
     * @param kind decides the exit status
     * @param message what went wrong and where, one sentence without a final full stop
     * @param hint what to try, or the empty string if there is nothing to try
     */
    public static Failure of(FailureKind kind, String message, String hint) {
        return new Failure(kind, message, hint, List.of(), null);
    }

    /** As {@link #of(FailureKind, String, String)}, keeping the cause for {@code --verbose}. */
    public static Failure of(FailureKind kind, String message, String hint, Throwable cause) {
        return new Failure(kind, message, hint, List.of(), cause);
    }

    /**
     * Turns an I/O error into a sentence.
     *
     * @param doing what nbroot was doing, as in "write the manifest"
     * @param path the file it was doing it to
     * @param cause the error
     * @return a failure of kind {@code FAILED}; of kind {@code HOST} when permission is missing, {@code INTERRUPTED} when
     *     the thread was interrupted meanwhile
     */
    public static Failure io(String doing, Path path, IOException cause) {
        if (cause instanceof ClosedByInterruptException || cause instanceof FileLockInterruptionException) {
            return new Failure(FailureKind.INTERRUPTED, "interrupted: " + doing + ": " + path, "", List.of(), cause);
        }
        String reason = reason(cause);
        boolean forbidden =
                reason.equalsIgnoreCase("permission denied") || reason.equalsIgnoreCase("operation not permitted");
        String hint = reason.contains("No space left")
                ? "free some space, or use --state on a larger file system"
                : forbidden ? "run nbroot as root" : "";
        return new Failure(
                forbidden ? FailureKind.HOST : FailureKind.FAILED,
                "cannot " + doing + ": " + path + ": " + reason,
                hint,
                List.of(),
                cause);
    }

    /** {@return the cause of an I/O error in the kernel's or the JDK's words, without class names or the path} */
    public static String reason(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof FileAlreadyExistsException) {
            return "already exists";
        }
        if (cause instanceof DirectoryNotEmptyException) {
            return "directory not empty";
        }
        if (cause instanceof FileSystemException fse && fse.getReason() != null) {
            return fse.getReason();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** {@return the same failure with lines to show below it, such as a command's last output} */
    public Failure withDetails(List<String> lines) {
        return new Failure(kind, getMessage(), hint, lines, getCause());
    }

    /** {@return the same failure that also says where the whole log of the work is} */
    public Failure withLog(Path log) {
        List<String> lines = new ArrayList<>(details);
        lines.add("the whole log: " + log);
        return withDetails(lines);
    }

    /** {@return the kind, which decides the exit status} */
    public FailureKind kind() {
        return kind;
    }

    /** {@return what to try next; empty if there is nothing to try} */
    public String hint() {
        return hint;
    }

    /** {@return lines to show below the sentence; may be empty} */
    public List<String> details() {
        return details;
    }
}
