package dev.nbroot.command;

import java.util.Optional;

/**
 * What {@code rollback} is asked for.
 *
 * @param root the root's name
 * @param generation the number as it was typed; absent means the one before the current one
 */
public record RollbackRequest(String root, Optional<String> generation) {}
