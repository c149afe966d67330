package dev.nbroot.cli;

import dev.nbroot.report.Event;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One line about what a machine did: {@code 10.0.0.7 (52:54:… node7) tftp pxelinux.0: done, bytes=42376 ...}. */
final class ActivityLine {
    private ActivityLine() {}

    static String of(Event.ClientActivity activity) {
        Event.Machine who = activity.who();
        String known = Stream.of(who.mac(), who.hostname())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" "));
        String details = activity.details().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
        return who.address()
                + (known.isEmpty() ? "" : " (" + known + ")")
                + " " + activity.what()
                + (activity.subject().isEmpty() ? "" : " " + activity.subject())
                + ": " + activity.outcome()
                + (activity.reason().isEmpty() ? "" : ": " + activity.reason())
                + (details.isEmpty() ? "" : " [" + details + "]");
    }
}
