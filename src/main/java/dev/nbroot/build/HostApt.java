package dev.nbroot.build;

import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.util.List;
import java.util.Optional;

/**
 * How this machine's apt reaches archives, and how old they may be: a build does as it does, the root never will.
 *
 * @param proxy the address of its proxy; absent: it goes directly
 * @param anyAge whether it takes an archive whose Release file has expired, as one does with a frozen mirror
 */
public record HostApt(Optional<String> proxy, boolean anyAge) {
    /** A machine whose apt is as Debian ships it. */
    public static final HostApt PLAIN = new HostApt(Optional.empty(), false);

    /** {@return what apt-config(8) says} */
    public static HostApt ask(Commands commands) {
        return new HostApt(
                values(commands, "Acquire::http::Proxy").stream()
                        .filter(line -> line.matches("https?://\\S+"))
                        .findFirst(),
                values(commands, "Acquire::Check-Valid-Until").stream()
                        .anyMatch(line -> line.matches("(?i)false|no|off|0|disable|without")));
    }

    private static List<String> values(Commands commands, String key) {
        return commands.run(Invocation.of("apt-config", "dump", "--format", "%v%n", key)).lines().stream()
                .map(String::strip)
                .toList();
    }
}
