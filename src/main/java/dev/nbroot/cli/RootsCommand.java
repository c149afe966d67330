package dev.nbroot.cli;

import dev.nbroot.command.RootsOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** {@code nbroot roots}. */
@Command(
        name = "roots",
        description =
                "List the roots and their generations: what is current (*), what each takes on disk, which clients"
                        + " boot it next, and which machines use it.")
final class RootsCommand implements Callable<Integer> {
    private static final List<String> HEADER = List.of(
            "ROOT", "GEN", "BUILT", "SUITE", "KERNEL", "PACKAGES", "SIZE", "STAGED", "BOOTED NEXT BY", "USED BY");
    private static final int TO_THE_MINUTE = "2026-01-01T00:00".length();

    private final CommandRunner runner;

    RootsCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        return runner.run(useCases -> useCases.listRoots().run(), RootsCommand::text, RootsOutcome::roots);
    }

    static String text(RootsOutcome outcome) {
        List<List<String>> rows = new ArrayList<>();
        for (RootsOutcome.Root root : outcome.roots()) {
            root.generations().forEach(one -> rows.add(row(root, one)));
        }
        return rows.isEmpty() ? "no roots" : new TextTable(HEADER, rows).text();
    }

    private static List<String> row(RootsOutcome.Root root, RootsOutcome.One one) {
        return List.of(
                root.name(),
                one.generation() + (one.current() ? " *" : ""),
                one.created().map(RootsCommand::minute).orElse("?"),
                one.suite().orElse("?"),
                one.kernel().orElse("?"),
                one.packages().map(String::valueOf).orElse("?"),
                Amounts.bytes(one.bytes()),
                one.staged() ? "yes" : "no",
                listed(one.clients().stream().map(RootsOutcome.Bound::hostname)),
                listed(one.uses().stream()
                        .map(use -> use.hostname().orElse(use.address()) + " (" + Ago.text(use.silence()) + ")")));
    }

    private static String minute(String instant) {
        return instant.length() < TO_THE_MINUTE
                ? instant
                : instant.substring(0, TO_THE_MINUTE).replace('T', ' ');
    }

    private static String listed(Stream<String> names) {
        String all = names.collect(Collectors.joining(", "));
        return all.isEmpty() ? "-" : all;
    }
}
