package dev.nbroot.build;

import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.util.Optional;

/** Asks apt which proxy this machine uses: a build uses it too, the root never does. */
public final class HostProxy {
    private final Commands commands;

    /** Asks by these commands. */
    public HostProxy(Commands commands) {
        this.commands = commands;
    }

    /** {@return the address of the proxy; absent when apt goes directly} */
    public Optional<String> find() {
        return commands
                .run(Invocation.of("apt-config", "dump", "--format", "%v%n", "Acquire::http::Proxy"))
                .lines()
                .stream()
                .map(String::strip)
                .filter(line -> line.matches("https?://\\S+"))
                .findFirst();
    }
}
