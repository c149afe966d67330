package dev.nbroot.command;

import java.util.Optional;

/**
 * What {@code nbroot diff} is asked for.
 *
 * @param root the root
 * @param from a generation's number, or {@code current}
 * @param to as {@code from}; absent means the current one
 */
public record DiffRequest(String root, String from, Optional<String> to) {}
