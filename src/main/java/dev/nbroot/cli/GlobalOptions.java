package dev.nbroot.cli;

import dev.nbroot.state.StateDirectory;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The options that every command takes, before or after its name, or both: so a flag has a default value, or picocli takes
 * what it is already for that and turns it over.
 */
public final class GlobalOptions {
    static final String DEFAULT_STATE = "/var/lib/nbroot";

    /** When colours are used; {@code auto} means on a terminal. */
    enum Color {
        auto,
        always,
        never
    }

    @Option(
            names = "--state",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:NBROOT_STATE:-" + DEFAULT_STATE + "}",
            description = "State directory (environment: NBROOT_STATE; default: " + DEFAULT_STATE + ").")
    Path state;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            defaultValue = "false",
            description = "The result as one JSON object on standard output, events as JSON lines on standard error.")
    boolean json;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            defaultValue = "false",
            description = "Show external commands' output and, at a failure, where in nbroot it happened.")
    boolean verbose;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            defaultValue = "false",
            description = "Show warnings and failures only.")
    boolean quiet;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            scope = ScopeType.INHERIT,
            defaultValue = "auto",
            description = "auto, always or never (default: auto).")
    Color color;

    /** {@return the state directory; an empty value, as of an unset variable in a script, means the default} */
    StateDirectory stateDirectory() {
        return new StateDirectory(state.toString().isEmpty() ? Path.of(DEFAULT_STATE) : state);
    }
}
