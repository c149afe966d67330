package dev.nbroot.command;

/**
 * What {@code nbroot rebase} did.
 *
 * @param mac the machine, with colons
 * @param hostname its name
 * @param name its root
 * @param from the number of the generation that its view was over
 * @param to the number of the one that it is over now; the same when that was current already
 * @param carried how many of its changes were carried over, its identity not counted
 * @param settled how many of its changes the new generation has too
 */
public record RebaseOutcome(String mac, String hostname, String name, int from, int to, int carried, int settled) {}
