package dev.nbroot.serve;

import dev.nbroot.state.Generation;
import dev.nbroot.system.MacAddress;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Supplier;

/** Is told which machine uses which generation. Called by many threads, on those that serve clients: must be quick. */
public interface UseLog {
    /**
     * Notes a use.
     *
     * @param card tells the machine's network card, if it is known; asked only when something is written
     * @return whether the generation is still there; once that is answered, it is not dropped for this machine's sake
     */
    boolean note(InetAddress who, Supplier<Optional<MacAddress>> card, Generation generation);

    /** To be called every few seconds, from when machines are served. */
    void tick();

    /** {@return one that notes nothing, for machines that nobody will ask about} */
    static UseLog none() {
        return new UseLog() {
            @Override
            public boolean note(InetAddress who, Supplier<Optional<MacAddress>> card, Generation generation) {
                return true;
            }

            @Override
            public void tick() {
                // Nothing is noted.
            }
        };
    }
}
