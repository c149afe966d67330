package dev.nbroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Events;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.MacAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MachinesTest {
    private static final MacAddress ONE = MacAddress.parse("52:54:00:00:00:01");
    private static final MacAddress TWO = MacAddress.parse("52:54:00:00:00:02");

    private final AtomicLong nanos = new AtomicLong();
    private final Map<InetAddress, MacAddress> table = new HashMap<>();
    private final InetAddress address = InetAddress.getLoopbackAddress();
    private int asked;
    private final Machines machines = new Machines(
            new ServedState(new StateDirectory(Path.of("/nonexistent")), Events.none(), nanos::get),
            who -> {
                asked++;
                return Optional.ofNullable(table.get(who));
            },
            nanos::get);

    @Test
    void asksTheKernelOnceASecond() {
        table.put(address, ONE);
        for (int i = 0; i < 100; i++) {
            assertThat(machines.card(address)).contains(ONE);
        }
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void anotherCardCountsAtOnce() {
        table.put(address, ONE);
        machines.card(address);
        table.put(address, TWO);
        pass(Duration.ofSeconds(1));
        assertThat(machines.card(address)).contains(TWO);
    }

    @Test
    void aNeighbourThatTheKernelForgotIsRememberedForAWhile() {
        table.put(address, ONE);
        machines.card(address);
        table.clear();
        pass(Duration.ofMinutes(9));
        assertThat(machines.card(address)).contains(ONE);
        pass(Duration.ofMinutes(2));
        assertThat(machines.card(address)).as("asking does not make it younger").isEmpty();
    }

    @Test
    void whatWasNeverKnownIsNotKnown() {
        assertThat(machines.card(address)).isEmpty();
        pass(Duration.ofSeconds(2));
        table.put(address, ONE);
        assertThat(machines.card(address)).contains(ONE);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
