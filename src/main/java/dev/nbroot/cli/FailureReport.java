package dev.nbroot.cli;

import dev.nbroot.report.Failure;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Tells a failure: a sentence and a next step on standard error, or with {@code --json} an object on standard output. */
final class FailureReport {
    private final Console console;
    private final Style style;
    private final boolean json;
    private final boolean verbose;

    FailureReport(Console console, Style style, boolean json, boolean verbose) {
        this.console = console;
        this.style = style;
        this.json = json;
        this.verbose = verbose;
    }

    /** {@return the exit status} */
    int tell(Failure failure) {
        if (json) {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("kind", failure.kind().name().toLowerCase(Locale.ROOT));
            error.put("message", failure.getMessage());
            error.put("hint", failure.hint());
            error.put("status", failure.kind().status());
            failure.step().ifPresent(step -> {
                error.put("step", step.id());
                error.put("title", step.title());
            });
            failure.command().ifPresent(command -> error.put("command", command));
            if (!failure.details().isEmpty()) {
                error.put("lines", failure.details());
            }
            failure.log().ifPresent(log -> error.put("log", log));
            console.out().println(new Json().line(Map.of("error", error)));
            console.out().flush();
        } else {
            PrintWriter err = console.err();
            err.println(style.failure("nbroot:") + " " + failure.getMessage());
            failure.step().ifPresent(step -> err.println("  step: " + step.title()));
            failure.command().ifPresent(command -> err.println("  command: " + command));
            failure.details().forEach(line -> err.println("  | " + line));
            failure.log().ifPresent(log -> err.println("  the whole log: " + log));
            if (!failure.hint().isEmpty()) {
                err.println("  try: " + failure.hint());
            }
        }
        if (verbose) {
            failure.printStackTrace(console.err());
        }
        console.err().flush();
        return failure.kind().status();
    }
}
