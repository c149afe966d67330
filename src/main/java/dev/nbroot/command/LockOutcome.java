package dev.nbroot.command;

import java.nio.file.Path;

/**
 * What {@code nbroot lock} has written.
 *
 * @param path the lock file
 * @param packages how many packages it names
 */
public record LockOutcome(Path path, int packages) {}
