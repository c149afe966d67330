package dev.nbroot.cli;

import dev.nbroot.command.UseCases;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.StateDirectory;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

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
        show(watched(useCase), text, view);
        return 0;
    }

    /**
     * Runs a use case whose standard output is somebody else's: the outcome's text goes to standard error.
     *
     * @param useCase makes the outcome; it is told whether standard output must be left alone, for the JSON
     * @return exit status 0
     */
    <T> int attended(BiFunction<UseCases, Boolean, T> useCase, Function<T, String> text, Function<T, Object> view) {
        T outcome = watched(useCases -> useCase.apply(useCases, options.json));
        if (options.json) {
            show(outcome, text, view);
        } else if (!options.quiet) {
            console.err().println(text.apply(outcome));
        }
        return 0;
    }

    /**
     * Runs a use case that judges something.
     *
     * @param remarks what there is to say on standard error, without the last line end; empty for nothing
     * @param verdict one line for standard output
     * @param status the exit status for an outcome
     */
    <T> int judge(
            Function<UseCases, T> useCase,
            BiFunction<T, Style, String> remarks,
            Function<T, String> verdict,
            ToIntFunction<T> status) {
        T outcome = watched(useCase);
        String said = options.json ? "" : remarks.apply(outcome, Style.of(options, console));
        if (!said.isEmpty()) {
            console.err().println(said);
            console.err().flush();
        }
        show(outcome, verdict, view -> view);
        return status.applyAsInt(outcome);
    }

    /**
     * Runs a use case whose results are its events.
     *
     * @return exit status 0
     */
    int stream(Consumer<UseCases> useCase) {
        return watched(useCases -> {
            useCase.accept(useCases);
            return 0;
        });
    }

    private <T> T watched(Function<UseCases, T> useCase) {
        Steps steps = new Steps();
        try (EventSink sink = sink(steps)) {
            Events events = event -> {
                steps.on(event);
                sink.on(event);
            };
            return useCase.apply(wiring.apply(options.stateDirectory(), events));
        } catch (Failure failure) {
            throw steps.blamed(failure);
        }
    }

    private <T> void show(T outcome, Function<T, String> text, Function<T, Object> view) {
        console.out().println(options.json ? new Json().line(view.apply(outcome)) : text.apply(outcome));
        if (console.out().checkError()) {
            throw Failure.of(
                    FailureKind.FAILED,
                    "the work is done, but its result could not be written to standard output",
                    "is the disk full, or the reader of the pipe gone?");
        }
    }

    private EventSink sink(Steps steps) {
        return options.json
                ? new JsonEvents(console.err(), console.out(), options)
                : new TextEvents(console, options, steps);
    }
}
