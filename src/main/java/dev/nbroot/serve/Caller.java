package dev.nbroot.serve;

import dev.nbroot.system.MacAddress;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A machine that has called.
 *
 * @param address where from
 * @param card that had this address then; empty for one behind a router
 */
record Caller(InetAddress address, Optional<MacAddress> card) {}
