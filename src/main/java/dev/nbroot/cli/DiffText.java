package dev.nbroot.cli;

import dev.nbroot.command.DiffOutcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The difference of two generations, or of a view and its generation, so that a person can read it. */
final class DiffText {
    private final DiffOutcome outcome;
    private final boolean allFiles;
    private final Set<String> changedPackages = new HashSet<>();
    private final List<String> lines = new ArrayList<>();

    /**
     * Prepares.
     *
     * @param allFiles whether every file is listed
     */
    DiffText(DiffOutcome outcome, boolean allFiles) {
        this.outcome = outcome;
        this.allFiles = allFiles;
        DiffOutcome.Packages packages = outcome.packages();
        Stream.of(packages.added(), packages.removed(), packages.upgraded(), packages.downgraded())
                .flatMap(List::stream)
                .forEach(change -> changedPackages.add(change.name()));
    }

    List<String> lines() {
        lines.add(outcome.name() + "/" + outcome.from() + " -> " + other());
        addPackages();
        addFiles();
        if (lines.size() == 1) {
            lines.add("nothing differs");
        }
        return lines;
    }

    private String other() {
        return outcome.client()
                .map(client -> client.hostname() + " (" + client.mac() + ")")
                .orElseGet(() -> outcome.name() + "/" + outcome.to().orElseThrow());
    }

    private void addPackages() {
        DiffOutcome.Packages packages = outcome.packages();
        String counts = counted(
                number(packages.added().size(), "added"),
                number(packages.removed().size(), "removed"),
                number(packages.upgraded().size(), "upgraded"),
                number(packages.downgraded().size(), "downgraded"));
        if (counts.isEmpty()) {
            return;
        }
        lines.add("packages: " + counts + "; installed size "
                + signed(outcome.totals().installedBytes()));
        Map<String, Counts> files = filesOfPackages();
        packages.added().forEach(one -> addPackage("+", one, files));
        packages.removed().forEach(one -> addPackage("-", one, files));
        packages.upgraded().forEach(one -> addPackage("~", one, files));
        packages.downgraded().forEach(one -> addPackage("!", one, files));
    }

    private void addPackage(String mark, DiffOutcome.PackageChange change, Map<String, Counts> files) {
        String versions =
                Stream.of(change.from(), change.to()).flatMap(Optional::stream).collect(Collectors.joining(" -> "));
        String size = change.growth() == 0 ? "" : " (" + signed(change.growth()) + ")";
        // Packages of two architectures share the count of their name.
        Counts counts = files.remove(change.name());
        lines.add("  " + mark + " " + change.name() + " " + versions + size
                + (mark.equals("!") ? ", an older version" : "")
                + (counts == null ? "" : "; " + counts.text()));
    }

    private static final class Counts {
        private int added;
        private int removed;
        private int changed;

        void count(DiffOutcome.FileChange file) {
            switch (file.change()) {
                case "added" -> added++;
                case "removed" -> removed++;
                default -> changed++;
            }
        }

        String text() {
            return "files: " + counted(number(added, "added"), number(removed, "removed"), number(changed, "changed"));
        }
    }

    private Map<String, Counts> filesOfPackages() {
        Map<String, Counts> counts = new LinkedHashMap<>();
        if (!allFiles) {
            for (DiffOutcome.FileChange file : outcome.files()) {
                file.ofPackage()
                        .filter(changedPackages::contains)
                        .ifPresent(name -> counts.computeIfAbsent(name, none -> new Counts())
                                .count(file));
            }
        }
        return counts;
    }

    private void addFiles() {
        DiffOutcome.Totals totals = outcome.totals();
        String counts = counted(
                number(totals.added(), "added"),
                number(totals.removed(), "removed"),
                number(totals.changed(), "changed"));
        if (counts.isEmpty()) {
            return;
        }
        lines.add("files: " + counts + "; " + signed(totals.bytes()));
        List<DiffOutcome.FileChange> shown = outcome.files().stream()
                .filter(file -> allFiles
                        || file.ofPackage().filter(changedPackages::contains).isEmpty())
                .toList();
        for (int i = 0; i < shown.size(); i++) {
            int last = allFiles ? i : lastBelow(shown, i);
            lines.add("  " + (last > i ? directory(shown.subList(i, last + 1)) : file(shown.get(i))));
            i = last;
        }
        int counted = outcome.files().size() - shown.size();
        if (counted > 0) {
            lines.add("  and " + counted + " of the packages above (--files lists them)");
        }
    }

    /** {@return where what is in a new or removed directory, and so is new or removed too, ends} */
    private static int lastBelow(List<DiffOutcome.FileChange> files, int at) {
        DiffOutcome.FileChange top = files.get(at);
        boolean whole = !top.change().equals("changed")
                && top.to()
                        .or(top::from)
                        .filter(state -> state.type().equals("dir"))
                        .isPresent();
        int last = at;
        while (whole
                && last + 1 < files.size()
                && files.get(last + 1).path().startsWith(top.path() + "/")
                && files.get(last + 1).change().equals(top.change())) {
            last++;
        }
        return last;
    }

    private static String directory(List<DiffOutcome.FileChange> all) {
        DiffOutcome.FileChange top = all.get(0);
        long bytes = all.stream().mapToLong(DiffOutcome.FileChange::growth).sum();
        return mark(top) + " " + top.path() + "/ and " + (all.size() - 1) + " below it (" + signed(bytes) + ")";
    }

    private String file(DiffOutcome.FileChange file) {
        String owner = file.ofPackage().map(name -> " [" + name + "]").orElse("");
        String what = file.what().isEmpty()
                ? state(file.to().or(file::from).orElseThrow())
                : ": "
                        + file.what().stream()
                                .map(aspect -> aspect(
                                        aspect,
                                        file.from().orElseThrow(),
                                        file.to().orElseThrow()))
                                .collect(Collectors.joining(", "));
        return mark(file) + " " + file.path() + what + owner;
    }

    private static String mark(DiffOutcome.FileChange file) {
        return switch (file.change()) {
            case "added" -> "+";
            case "removed" -> "-";
            default -> "~";
        };
    }

    private static String state(DiffOutcome.State state) {
        return switch (state.type()) {
            case "file" -> " (" + Amounts.bytes(state.size()) + ")";
            case "dir" -> "/";
            case "link" -> " -> " + state.target().orElse("");
            default -> " (" + state.type() + ")";
        };
    }

    private static String aspect(String aspect, DiffOutcome.State from, DiffOutcome.State to) {
        return switch (aspect) {
            case "type" -> "was " + from.type() + ", is " + to.type();
            case "content" ->
                from.size() == to.size()
                        ? "content (" + Amounts.bytes(to.size()) + ")"
                        : "content (" + Amounts.bytes(from.size()) + " -> " + Amounts.bytes(to.size()) + ")";
            case "mode" -> "mode " + from.mode() + " -> " + to.mode();
            case "owner" -> "owner " + from.uid() + ":" + from.gid() + " -> " + to.uid() + ":" + to.gid();
            case "target" ->
                "target " + from.target().orElse("") + " -> " + to.target().orElse("");
            case "xattr" -> "extended attributes";
            default -> aspect;
        };
    }

    private static String number(int number, String what) {
        return number == 0 ? "" : number + " " + what;
    }

    private static String counted(String... parts) {
        return Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
    }

    private static String signed(long bytes) {
        return (bytes < 0 ? "" : "+") + Amounts.bytes(bytes);
    }
}
