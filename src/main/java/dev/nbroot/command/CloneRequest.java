package dev.nbroot.command;

import dev.nbroot.state.ClientMode;
import java.util.Optional;

/**
 * What {@code clone} is asked for, as the user wrote it.
 *
 * @param root the root's name
 * @param mac any usual spelling
 * @param hostname absent: the root's name and the MAC's last six digits
 * @param address a reserved IPv4 address; with {@code /PREFIX} the machine takes it without asking DHCP
 * @param mode how it uses its root
 */
public record CloneRequest(
        String root, String mac, Optional<String> hostname, Optional<String> address, ClientMode mode) {}
