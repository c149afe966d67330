package dev.nbroot.report;

/**
 * Why nbroot gave up, and the exit status that says so: the one table of src/docs/manual.md.
 *
 * <p>Scripts rely on these numbers; they never change meaning.
 */
public enum FailureKind {
    /** Something went wrong while working: an I/O error, a full disk, a boot that did not come up. */
    FAILED(1, "failed while working"),
    /** The command line is wrong. */
    USAGE(2, "wrong usage"),
    /** The profile, or another input, is invalid. */
    INVALID_INPUT(3, "the profile or an input is invalid"),
    /** The host lacks a tool, a privilege or a port. */
    HOST(4, "the host lacks a tool, a privilege or a port"),
    /** An external command failed. */
    COMMAND(5, "an external command failed"),
    /** Another nbroot works on the same thing. */
    LOCKED(6, "another nbroot holds the lock"),
    /** Ctrl-C or SIGTERM. */
    INTERRUPTED(130, "interrupted");

    private final int status;
    private final String meaning;

    FailureKind(int status, String meaning) {
        this.status = status;
        this.meaning = meaning;
    }

    /** {@return the process exit status, 1 to 130} */
    public int status() {
        return status;
    }

    /** {@return the meaning in a few words, as printed in every {@code --help}} */
    public String meaning() {
        return meaning;
    }
}
