package dev.nbroot.command;

import dev.nbroot.system.MacAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What {@code nbroot test} was asked for.
 *
 * @param root the root to boot; absent for the staged default
 * @param mac the machine to play; absent for one that nobody knows
 * @param memoryMib the machine's memory in MiB
 * @param atMost how long the boot may take
 */
public record TestRequest(Optional<String> root, Optional<MacAddress> mac, int memoryMib, Duration atMost) {}
