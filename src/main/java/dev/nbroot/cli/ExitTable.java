package dev.nbroot.cli;

import dev.nbroot.report.FailureKind;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;

/** Puts the one table of exit statuses into every command's help. */
final class ExitTable {
    private ExitTable() {}

    static void addTo(CommandLine commandLine) {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("0", "done");
        for (FailureKind kind : FailureKind.values()) {
            rows.put(Integer.toString(kind.status()), kind.meaning());
        }
        commandLine.getCommandSpec().usageMessage().exitCodeListHeading("%nExit status:%n");
        commandLine.getCommandSpec().usageMessage().exitCodeList(rows);
        commandLine.getSubcommands().values().forEach(ExitTable::addTo);
    }
}
