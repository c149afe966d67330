package dev.nbroot.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.SharedTree;
import dev.nbroot.system.MacAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SilentViewsTest {
    private static final ClientRecord CLIENT = new ClientRecord(
            new MacAddress("52-54-00-00-00-01"),
            "bookworm",
            1,
            "node1",
            "0".repeat(32),
            ClientMode.PERSISTENT,
            Optional.empty(),
            OptionalInt.empty(),
            "2026-01-01T00:00:00Z");

    private final List<String> done = new ArrayList<>();
    private final List<ClientRecord> gone = new ArrayList<>();
    private static final MacAddress CARD = new MacAddress("52-54-00-00-00-01");

    private final Caller machine = new Caller(InetAddress.getLoopbackAddress(), Optional.of(CARD));
    private long now = 1;
    private boolean on;
    private final SilentViews views = new SilentViews(asked -> on, () -> now);

    /** {@return after how many ticks of five seconds the view was let go; 0 when it was not} */
    private int ticks(int most) throws IOException {
        for (int i = 1; i <= most; i++) {
            now += Duration.ofSeconds(5).toNanos();
            int before = gone.size();
            views.tick(export -> done.add("released " + export), (client, decided) -> gone.add(client));
            if (gone.size() > before) {
                return i;
            }
        }
        return 0;
    }

    @Test
    void aMachineThatIsOffIsLetGoWithinAMinuteAndOnce() throws IOException {
        views.used(7, CLIENT, machine);
        assertThat(ticks(20)).isBetween(9, 12);
        assertThat(done).containsExactly("released 7");
        assertThat(ticks(20)).isZero();
    }

    @Test
    void aSilentMachineThatAnswersIsNotOff() throws IOException {
        on = true;
        views.used(7, CLIENT, machine);
        assertThat(ticks(1000)).isZero();
        assertThat(done).isEmpty();
        on = false;
        assertThat(ticks(10)).isPositive();
    }

    @Test
    void aCallWhileItIsLetGoBeginsANewUse() throws IOException {
        views.used(7, CLIENT, machine);
        now += Duration.ofMinutes(1).toNanos();
        for (int i = 1; i < SilentViews.QUESTIONS; i++) {
            views.tick(export -> {}, (client, decided) -> gone.add(client));
        }
        views.tick(export -> views.used(7, CLIENT, machine), (client, decided) -> gone.add(client));
        assertThat(gone).as("it is on").isEmpty();
        assertThat(ticks(20)).isBetween(9, 12);
        assertThat(done).containsExactly("released 7");
    }

    @Test
    void aMachineThatIsOnKeepsTheViewWhenAnotherWasTheLastToCall() throws Exception {
        Caller other = new Caller(InetAddress.getByName("127.0.0.2"), Optional.empty());
        SilentViews ofBoth = new SilentViews(machine::equals, () -> now);
        ofBoth.used(7, CLIENT, machine);
        ofBoth.used(7, CLIENT, other);
        for (int i = 0; i < 20; i++) {
            now += Duration.ofSeconds(5).toNanos();
            ofBoth.tick(export -> done.add("released " + export), (client, decided) -> gone.add(client));
        }
        assertThat(gone).isEmpty();
        assertThat(done).isEmpty();
    }

    @Test
    void oneLostAnswerDoesNotCount() throws IOException {
        views.used(7, CLIENT, machine);
        for (int i = 0; i < 100; i++) {
            on = i % 3 == 0;
            assertThat(ticks(1)).isZero();
        }
        assertThat(done).isEmpty();
    }

    @Test
    void whatTheServerDoesNotLetGoOfStaysOpen() throws IOException {
        views.used(7, CLIENT, machine);
        now += Duration.ofMinutes(1).toNanos();
        for (int i = 1; i < SilentViews.QUESTIONS; i++) {
            views.tick(export -> {}, (client, decided) -> gone.add(client));
        }
        assertThat(gone).isEmpty();
        for (int i = 0; i < 5; i++) {
            assertThatIOException()
                    .isThrownBy(() -> views.tick(
                            export -> {
                                throw new IOException("busy");
                            },
                            (client, decided) -> gone.add(client)));
        }
        assertThat(done).isEmpty();
        assertThat(ticks(1)).isPositive();
    }

    /** An earlier server knew it, and this one only that it has booted since. */
    @Test
    void aBootBeforeItIsWatchedCounts() throws IOException {
        on = true;
        views.boots(CARD);
        assertThat(ticks(1)).isZero();
        views.watch(7, CLIENT, machine);
        assertThat(ticks(50)).as("a boot takes time").isZero();
        assertThat(ticks(20)).isPositive();
    }

    /** It may run something else, and answer for ever. */
    @Test
    void whoeverHadASharedTreeBeforeHasItNoMore() throws Exception {
        ClientRecord tree = new ClientRecord(
                SharedTree.card("desk"),
                "desk",
                1,
                "desk",
                "0".repeat(32),
                ClientMode.SHARED,
                Optional.empty(),
                OptionalInt.empty(),
                "2026-01-01T00:00:00Z");
        Caller next = new Caller(InetAddress.getByName("127.0.0.2"), Optional.empty());
        SilentViews shared = new SilentViews(machine::equals, () -> now);
        shared.used(7, tree, machine);
        shared.used(7, tree, next);
        for (int i = 0; i < 20; i++) {
            now += Duration.ofSeconds(5).toNanos();
            shared.tick(export -> done.add("released " + export), (client, decided) -> gone.add(client));
        }
        assertThat(gone).containsExactly(tree);
    }

    @Test
    void aMachineThatHasBootedSomethingElseUsesTheViewNoMore() throws IOException {
        on = true;
        views.used(7, CLIENT, machine);
        assertThat(ticks(20)).isZero();
        views.boots(new MacAddress("52-54-00-00-00-02"));
        assertThat(ticks(100)).as("another one boots").isZero();
        views.boots(CARD);
        assertThat(ticks(50)).as("a boot takes time").isZero();
        views.used(7, CLIENT, machine);
        assertThat(ticks(100)).as("it has booted the same again").isZero();
        views.boots(CARD);
        now += SilentViews.BOOT.toNanos() / 2;
        views.boots(CARD);
        assertThat(ticks(35)).as("asking again and again does not keep it").isBetween(30, 34);
        assertThat(done).containsExactly("released 7");
    }
}
