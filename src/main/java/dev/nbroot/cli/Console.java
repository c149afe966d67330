package dev.nbroot.cli;

import java.io.PrintWriter;

/**
 * Where a run of nbroot talks to.
 *
 * @param out results
 * @param err talk: progress, warnings, failures
 * @param interactive whether {@code err} is a terminal that can redraw a line
 */
public record Console(PrintWriter out, PrintWriter err, boolean interactive) {}
