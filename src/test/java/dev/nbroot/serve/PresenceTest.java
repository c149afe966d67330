package dev.nbroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.system.MacAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PresenceTest {
    private static final MacAddress CARD = new MacAddress("52-54-00-00-00-01");
    private static final MacAddress OTHER = new MacAddress("52-54-00-00-00-02");
    private static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();
    private static final Caller NEAR = new Caller(ADDRESS, Optional.of(CARD));
    private static final Caller ROUTED = new Caller(ADDRESS, Optional.empty());

    private static boolean isThere(boolean echoes, Optional<MacAddress> now, Caller caller) {
        return new Presence(machine -> echoes, address -> now).answers(caller);
    }

    @Test
    void itsCardTellsAMachineEvenWhenItAnswersNoEcho() {
        assertThat(isThere(true, Optional.of(CARD), NEAR)).isTrue();
        assertThat(isThere(false, Optional.of(CARD), NEAR)).isTrue();
    }

    @Test
    void anotherMachineThatHasGotItsAddressIsNotIt() {
        assertThat(isThere(true, Optional.of(OTHER), NEAR)).isFalse();
        assertThat(isThere(false, Optional.of(OTHER), NEAR)).isFalse();
    }

    @Test
    void withoutACardWhateverAnswersCounts() {
        assertThat(isThere(true, Optional.empty(), NEAR)).isTrue();
        assertThat(isThere(true, Optional.empty(), ROUTED)).isTrue();
        assertThat(isThere(false, Optional.of(OTHER), ROUTED)).isTrue();
        assertThat(isThere(false, Optional.empty(), NEAR)).isFalse();
        assertThat(isThere(false, Optional.empty(), ROUTED)).isFalse();
    }

    @Test
    void nobodyIsTakenForGoneWhenItCannotBeAsked() {
        Presence down = new Presence(
                machine -> {
                    throw new IOException("network is down");
                },
                address -> Optional.empty());
        assertThat(down.answers(NEAR)).isTrue();
    }
}
