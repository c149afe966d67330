package dev.nbroot.state;

import dev.nbroot.system.MacAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * That a machine has used a generation, in {@code uses/NAME/GEN/ADDRESS}.
 *
 * @param address the machine's IPv4 address
 * @param card its network card, as far as the server could know it
 * @param seen when it asked for something of that generation last, to the minute
 */
public record Use(String address, Optional<MacAddress> card, Instant seen) {}
