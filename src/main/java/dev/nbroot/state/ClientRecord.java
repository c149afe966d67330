package dev.nbroot.state;

import dev.nbroot.system.MacAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A machine bound to a root, in {@code clients/MAC/client.yaml}.
 *
 * @param mac which machine
 * @param root the root it boots
 * @param generation the generation its view lies over; of a stateless client, which has no view and boots what is current
 *     then (see Generations#bootedBy), only what was current when it was cloned
 * @param hostname its name
 * @param machineId 32 lower-case hexadecimal digits (machine-id(5))
 * @param mode how it uses its root
 * @param address a fixed IPv4 address, if it has one
 * @param prefix the length of its network's prefix, 1 to 30, if the machine is to take the address without DHCP
 * @param created when it was cloned, ISO 8601 in UTC
 */
public record ClientRecord(
        MacAddress mac,
        String root,
        int generation,
        String hostname,
        String machineId,
        ClientMode mode,
        Optional<String> address,
        OptionalInt prefix,
        String created) {
    /** {@return what it is called in sentences} */
    public String named() {
        return mode == ClientMode.SHARED ? "the shared tree of " + root : mac.colons() + " (" + hostname + ")";
    }

    /** {@return the option by which commands are told of it} */
    public String option() {
        return mode == ClientMode.SHARED ? "--shared " + root : "--mac " + mac.colons();
    }
}
