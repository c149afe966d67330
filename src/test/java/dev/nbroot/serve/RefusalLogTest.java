package dev.nbroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
    private final AtomicLong nanos = new AtomicLong();
    private final RefusalLog log = new RefusalLog(nanos::get);

    @Test
    void tellsOnceAndThenTheCount() {
        RefusalLog.Entry refusal = of(1, "/etc");
        assertThat(log.note(refusal)).containsExactly(refusal);
        for (int i = 0; i < 17; i++) {
            assertThat(log.note(refusal)).isEmpty();
        }
        pass(59);
        assertThat(log.due()).isEmpty();
        pass(1);
        assertThat(log.due()).containsExactly(new RefusalLog.Repeated(refusal, 17, RefusalLog.QUIET));
        assertThat(log.due()).isEmpty();
    }

    @Test
    void goesOnCountingWhileItGoesOn() {
        RefusalLog.Entry refusal = of(1, "/etc");
        log.note(refusal);
        log.note(refusal);
        pass(60);
        assertThat(log.due()).hasSize(1);
        assertThat(log.note(refusal)).as("no news").isEmpty();
        pass(60);
        assertThat(log.due()).extracting(RefusalLog.Repeated::times).containsExactly(1L);
        pass(60);
        assertThat(log.due()).as("it was quiet").isEmpty();
        assertThat(log.note(refusal)).as("news again").containsExactly(refusal);
    }

    @Test
    void whatIsNotRepeatedIsNotToldAgain() {
        log.note(of(1, "/etc"));
        pass(120);
        assertThat(log.due()).isEmpty();
    }

    @Test
    void tellsEachMachineAndEachThing() {
        assertThat(log.note(of(1, "/etc"))).hasSize(1);
        assertThat(log.note(of(2, "/etc"))).hasSize(1);
        assertThat(log.note(of(1, "/var"))).hasSize(1);
        assertThat(log.note(of(1, "/etc"))).isEmpty();
    }

    @Test
    void aMachineThatAsksForEverOtherThingsIsNotToldForEver() {
        int told = 0;
        for (int i = 0; i < 1000; i++) {
            told += log.note(of(1, "/" + i)).size();
        }
        assertThat(told).isEqualTo(RefusalLog.MOST_OF_ONE_MACHINE + 1);
        assertThat(log.note(of(2, "/0"))).as("another machine").hasSize(1);
        pass(60);
        assertThat(log.due()).singleElement().satisfies(again -> {
            assertThat(again.times()).isEqualTo(1000 - RefusalLog.MOST_OF_ONE_MACHINE - 1);
            assertThat(again.entry().path()).isEmpty();
        });
    }

    @Test
    void manyForgedAddressesAreBounded() {
        int told = 0;
        for (int i = 0; i < 10_000; i++) {
            told += log.note(of(i, "/etc")).size();
        }
        assertThat(told).isEqualTo(2000);
        assertThat(log.untold()).isEqualTo(8000);
        assertThat(log.untold()).isZero();
        pass(60);
        log.due();
        assertThat(log.note(of(20_000, "/etc"))).as("room again").hasSize(1);
    }

    private void pass(long seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    private static RefusalLog.Entry of(int machine, String path) {
        try {
            byte[] address = {10, 0, (byte) (machine >> 8), (byte) machine};
            return new RefusalLog.Entry(InetAddress.getByAddress(address), "mount", path, "why");
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
