package dev.nbroot.system.linux;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The newest lines of an output, kept for an error message. */
final class LastLines {
    private static final int KEPT = 25;

    private final Deque<String> lines = new ArrayDeque<>();

    synchronized void add(String line) {
        if (lines.size() == KEPT) {
            lines.removeFirst();
        }
        lines.addLast(line);
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}
