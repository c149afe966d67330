package dev.nbroot.cli;

import dev.nbroot.command.GcOutcome;
import dev.nbroot.command.GcRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nbroot gc}. */
@Command(
        name = "gc",
        description = "Drop the generations that nothing needs, and what the cache has not used for long. A generation"
                + " stays while it is current, in a boot tree, under a client's files, or used by a machine.")
final class GcCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @Option(names = "--dry-run", description = "Say what would go, and why the rest stays; do nothing.")
    private boolean dryRun;

    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "2",
            description = "Keep the newest N generations of each root in any case, 1 or more (default:"
                    + " ${DEFAULT-VALUE}, so that rollback has where to go).")
    private int keep;

    @Option(
            names = "--cache-age",
            paramLabel = "DAYS",
            defaultValue = "30",
            description = "Drop from the cache what no build has used for so many days (default: ${DEFAULT-VALUE}).")
    private int cacheAge;

    @Option(
            names = "--cache-size",
            paramLabel = "SIZE",
            description = "Let the cache have no more than that, as in 20G; what was used longest ago goes first"
                    + " (default: no limit).")
    private String cacheSize;

    GcCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        OptionalLong most = cacheSize == null ? OptionalLong.empty() : OptionalLong.of(GcRequest.bytes(cacheSize));
        GcRequest request = new GcRequest(dryRun, keep, Duration.ofDays(cacheAge), most);
        return runner.run(useCases -> useCases.collectGarbage().run(request), GcCommand::text, outcome -> outcome);
    }

    private static String text(GcOutcome outcome) {
        String would = outcome.dryRun() ? "would be " : "";
        List<String> lines = new ArrayList<>();
        outcome.kept()
                .forEach(kept ->
                        lines.add(kept.name() + "/" + kept.generation() + " stays: " + String.join("; ", kept.why())));
        outcome.dropped()
                .forEach(dropped -> lines.add(dropped.name() + "/" + dropped.generation() + " " + would + "dropped: "
                        + Amounts.bytes(dropped.bytes())));
        cache(outcome.cache())
                .ifPresent(what -> lines.add(what + " of the cache " + would + "deleted: "
                        + Amounts.bytes(outcome.cache().bytes())));
        lines.add(Amounts.bytes(outcome.bytes()) + " " + would + "freed");
        return String.join("\n", lines);
    }

    private static Optional<String> cache(GcOutcome.Cache cache) {
        List<String> parts = new ArrayList<>();
        if (cache.packages() > 0) {
            parts.add(cache.packages() + (cache.packages() == 1 ? " package file" : " package files"));
        }
        if (cache.layers() > 0) {
            parts.add(cache.layers() + (cache.layers() == 1 ? " layer" : " layers"));
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", parts));
    }
}
