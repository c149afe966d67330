package dev.nbroot.cli;

import dev.nbroot.command.UseCases;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.StateDirectory;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** What every command class does around its use case: choose the event sink, run, show the outcome. */
final class CommandRunner {
    private final Console console;
    private final GlobalOptions options;
    private final BiFunction<StateDirectory, Events, UseCases> wiring;

    CommandRunner(Console console, GlobalOptions options, BiFunction<StateDirectory, Events, UseCases> wiring) {
        this.console = console;
        this.options = options;
        this.wiring = wiring;
    }

    /**
     * Runs a use case and prints its outcome.
     *
     * @param useCase makes the outcome
     * @param text the outcome's text on standard output, without the last line end
     * @param view the outcome as {@code --json} shows it
     * @return exit status 0
     */
    <T> int run(Function<UseCases, T> useCase, Function<T, String> text, Function<T, Object> view) {
        T outcome;
        try (EventSink events = sink()) {
            outcome = useCase.apply(wiring.apply(options.stateDirectory(), events));
        }
        console.out().println(options.json ? new Json().line(view.apply(outcome)) : text.apply(outcome));
        if (console.out().checkError()) {
            throw Failure.of(
                    FailureKind.FAILED,
                    "the work is done, but its result could not be written to standard output",
                    "is the disk full, or the reader of the pipe gone?");
        }
        return 0;
    }

    /**
     * Runs a use case whose results are its events.
     *
     * @return exit status 0
     */
    int stream(Consumer<UseCases> useCase) {
        try (EventSink events = sink()) {
            useCase.accept(wiring.apply(options.stateDirectory(), events));
        }
        return 0;
    }

    private EventSink sink() {
        return options.json
                ? new JsonEvents(console.err(), console.out(), options.verbose)
                : new TextEvents(console, options);
    }
}
