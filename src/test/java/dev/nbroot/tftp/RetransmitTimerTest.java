package dev.nbroot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetransmitTimerTest {
    private static final long MS = 1_000_000;

    @Test
    void staysBetweenFiftyMillisecondsAndASecond() {
        RetransmitTimer lan = new RetransmitTimer(0);
        assertThat(lan.timeout()).isEqualTo(250 * MS);
        lan.sample(100_000);
        assertThat(lan.timeout()).isEqualTo(50 * MS);
        RetransmitTimer slow = new RetransmitTimer(0);
        slow.sample(900 * MS);
        assertThat(slow.timeout()).isEqualTo(1000 * MS);
        RetransmitTimer patient = new RetransmitTimer(4);
        patient.sample(900 * MS);
        assertThat(patient.timeout()).isEqualTo(2700 * MS);
    }

    @Test
    void followsTheRoundTrip() {
        RetransmitTimer timer = new RetransmitTimer(0);
        for (int i = 0; i < 100; i++) {
            timer.sample(80 * MS);
        }
        assertThat(timer.roundTrip()).isEqualTo(80 * MS);
        assertThat(timer.timeout()).isBetween(80 * MS, 82 * MS);
    }

    @Test
    void doublesUntilTheNextMeasurement() {
        RetransmitTimer timer = new RetransmitTimer(0);
        timer.sample(MS);
        timer.backOff();
        timer.backOff();
        assertThat(timer.timeout()).isEqualTo(200 * MS);
        for (int i = 0; i < 20; i++) {
            timer.backOff();
        }
        assertThat(timer.timeout()).isEqualTo(5000 * MS);
        timer.sample(MS);
        assertThat(timer.timeout()).isEqualTo(50 * MS);
    }
}
