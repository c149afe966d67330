package dev.nbroot.it;

import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes short RSA keys, because long ones take most of a test's time.
 *
 * @param commands runs everything
 */
public record SmallKeys(Commands commands) implements Commands {
    @Override
    public Result run(Invocation invocation) {
        if (!invocation.argv().contains("ssh-keygen") || !invocation.argv().contains("rsa")) {
            return commands.run(invocation);
        }
        List<String> words = new ArrayList<>(invocation.argv());
        words.addAll(List.of("-b", "1024"));
        return commands.run(Invocation.of(words));
    }

    @Override
    public Running start(Invocation invocation, Consumer<String> output) {
        return commands.start(invocation, output);
    }
}
