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
import java.util.List;
import java.util.Optional;

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
    private final transient Place place;

    /** A step of a plan, as {@link Event.StepStarted} told it. */
    public record Step(String id, String title) {}

    /** Where it happened, as far as that is known. */
    private record Place(Optional<Step> step, Optional<String> command, Optional<Path> log) {
        static final Place UNKNOWN = new Place(Optional.empty(), Optional.empty(), Optional.empty());
    }

    private Failure(FailureKind kind, String message, String hint, List<String> details, Place place, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.hint = hint;
        this.details = List.copyOf(details);
        this.place = place;
    }

    /**
     * Makes a failure.
     *
     * @param kind decides the exit status
     * @param message what went wrong and where, one sentence without a final full stop
     * @param hint what to try, or the empty string if there is nothing to try
     */
    public static Failure of(FailureKind kind, String message, String hint) {
        return new Failure(kind, message, hint, List.of(), Place.UNKNOWN, null);
    }

    /**
     * As {@link #of(FailureKind, String, String)}, keeping the cause for {@code --verbose}. A failure that is told in
     * other words keeps its step, command and log, but not its details.
     */
    public static Failure of(FailureKind kind, String message, String hint, Throwable cause) {
        Place place = cause instanceof Failure failure ? failure.place : Place.UNKNOWN;
        return new Failure(kind, message, hint, List.of(), place, cause);
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
            return of(FailureKind.INTERRUPTED, "interrupted: " + doing + ": " + path, "", cause);
        }
        String reason = reason(cause);
        boolean forbidden =
                reason.equalsIgnoreCase("permission denied") || reason.equalsIgnoreCase("operation not permitted");
        String hint = reason.contains("No space left")
                ? "free some space, or use --state on a larger file system"
                : forbidden ? "run nbroot as root" : "";
        return of(
                forbidden ? FailureKind.HOST : FailureKind.FAILED,
                "cannot " + doing + ": " + path + ": " + reason,
                hint,
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
        return copy(lines, place);
    }

    /** {@return the same failure that also says which command failed, quoted for a shell} */
    public Failure withCommand(String quoted) {
        return copy(details, new Place(place.step(), Optional.of(quoted), place.log()));
    }

    /** {@return the same failure that also says where the whole log of the work is} */
    public Failure withLog(Path log) {
        return copy(details, new Place(place.step(), place.command(), Optional.of(log)));
    }

    /** {@return the same failure that also says in which step it happened, unless that is known} */
    public Failure inStep(Step step) {
        return place.step().isPresent()
                ? this
                : copy(details, new Place(Optional.of(step), place.command(), place.log()));
    }

    private Failure copy(List<String> newDetails, Place newPlace) {
        Failure copy = new Failure(kind, getMessage(), hint, newDetails, newPlace, getCause());
        copy.setStackTrace(getStackTrace());
        for (Throwable suppressed : getSuppressed()) {
            copy.addSuppressed(suppressed);
        }
        return copy;
    }

    /** {@return the step of a plan in which it happened} */
    public Optional<Step> step() {
        return place.step();
    }

    /** {@return the command that failed, as one could paste it into a shell} */
    public Optional<String> command() {
        return place.command();
    }

    /** {@return where the whole log of the work is} */
    public Optional<Path> log() {
        return place.log();
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
