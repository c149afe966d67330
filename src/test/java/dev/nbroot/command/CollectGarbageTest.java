package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nbroot.client.RealContents;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.serve.UseNotes;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.HeldGeneration;
import dev.nbroot.state.SampleState;
import dev.nbroot.state.SettableClock;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.StateLock;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each reason for which a generation stays, by itself. */
class CollectGarbageTest {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:00:00:01");
    private static final long SIZE = 1000;

    @TempDir
    private Path temporary;

    private final SettableClock clock = new SettableClock();
    private final List<Event> events = new ArrayList<>();
    private SampleState state;
    private StateDirectory directory;
    private Path tftp;

    @BeforeEach
    void fiveGenerations() throws IOException {
        state = new SampleState(temporary.resolve("state"));
        directory = state.directory();
        tftp = temporary.resolve("tftp");
        for (int i = 0; i < 5; i++) {
            state.publish("bookworm");
        }
    }

    private GcOutcome gc(int keep) {
        return gc(new GcRequest(false, keep, Duration.ofDays(30), OptionalLong.empty()), tree -> SIZE);
    }

    private GcOutcome gc(GcRequest request, ToLongFunction<Path> sizes) {
        return new CollectGarbage(directory, sizes, events::add, clock).run(request);
    }

    private Failure refused(int keep) {
        return catchThrowableOfType(Failure.class, () -> gc(keep));
    }

    private List<Integer> left() {
        return new Generations(directory)
                .all("bookworm").stream().map(Generation::number).toList();
    }

    private Generation generation(int number) {
        return directory.generation("bookworm", number);
    }

    private StageBootTree stage() throws IOException {
        Path program = Files.writeString(temporary.resolve("pxelinux.0"), "the program");
        Path library = Files.writeString(temporary.resolve("ldlinux.c32"), "the library");
        return new StageBootTree(
                directory, any -> new PxelinuxLoader(program, library), RealContents.ground(), Events.none(), clock);
    }

    private void stageTo(Path tree) throws IOException {
        stage().run(StageRequest.of(List.of(), tree, "10.0.0.1", Optional.empty()));
    }

    private void client(int generation, ClientMode mode) throws IOException {
        Files.createDirectories(directory.client(MAC));
        state.files()
                .write(
                        directory.client(MAC),
                        new ClientRecord(
                                MAC,
                                "bookworm",
                                generation,
                                "node1",
                                "0123456789abcdef0123456789abcdef",
                                mode,
                                Optional.empty(),
                                OptionalInt.empty(),
                                "2026-01-01T00:00:00Z"));
    }

    private static String why(GcOutcome outcome, int generation) {
        return outcome.kept().stream()
                .filter(kept -> kept.generation() == generation)
                .map(kept -> String.join("; ", kept.why()))
                .findFirst()
                .orElse("");
    }

    @Test
    void whatNothingNeedsGoesAndTheNewestStay() {
        GcOutcome outcome = gc(2);
        assertThat(left()).containsExactly(4, 5);
        assertThat(outcome.dropped()).extracting(GcOutcome.Dropped::generation).containsExactly(1, 2, 3);
        assertThat(outcome.bytes()).isEqualTo(3 * SIZE);
        assertThat(why(outcome, 4)).isEqualTo("it is one of the newest 2");
        assertThat(why(outcome, 5)).isEqualTo("it is current; it is one of the newest 2");
        assertThat(directory.root("bookworm")).isDirectoryNotContaining("glob:**/.gone*");
    }

    @Test
    void aDryRunSaysTheSameAndTouchesNothing() {
        GcOutcome outcome = gc(new GcRequest(true, 2, Duration.ofDays(30), OptionalLong.empty()), tree -> SIZE);
        assertThat(outcome.dropped()).extracting(GcOutcome.Dropped::generation).containsExactly(1, 2, 3);
        assertThat(left()).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void theCurrentOneStaysAndNoNumberIsGivenTwice() throws IOException {
        new Generations(directory).makeCurrent(generation(2));
        GcOutcome outcome = gc(1);
        assertThat(left()).containsExactly(2, 5);
        assertThat(why(outcome, 2)).isEqualTo("it is current");
        assertThat(why(outcome, 5)).isEqualTo("it is the newest");
        assertThat(state.publish("bookworm").number()).isEqualTo(6);
        assertThat(refused(0).getMessage()).startsWith("--keep 0 is not possible");
    }

    @Test
    void whatAPersistentClientLiesOverStaysAndAStatelessOneHasNone() throws IOException {
        client(2, ClientMode.PERSISTENT);
        assertThat(why(gc(1), 2)).isEqualTo("the files of node1 lie over it");
        assertThat(left()).containsExactly(2, 5);

        client(2, ClientMode.STATELESS);
        gc(1);
        assertThat(left()).containsExactly(5);
    }

    @Test
    void whatABootTreeNamesStaysAlsoAnHourAfterAndInATreeThatStageForgot() throws IOException {
        Path other = temporary.resolve("other");
        new Generations(directory).makeCurrent(generation(1));
        stageTo(other);
        new Generations(directory).makeCurrent(generation(2));
        stageTo(tftp);
        new Generations(directory).makeCurrent(generation(5));
        assertThat(why(gc(1), 1)).isEqualTo("machines can boot it from " + other);
        assertThat(left()).containsExactly(1, 2, 5);

        stageTo(tftp);
        clock.advance(Duration.ofMinutes(55));
        gc(1);
        assertThat(left()).as("a machine may have read the menu just before").containsExactly(1, 2, 5);
        clock.advance(Duration.ofMinutes(10));
        gc(1);
        assertThat(left()).containsExactly(1, 5);
    }

    @Test
    void aBootTreeThatCannotBeSeenIsNoReasonToDropAnything() throws IOException {
        stageTo(tftp);
        Files.move(tftp, temporary.resolve("moved"));
        Failure failure = refused(1);
        assertThat(failure.getMessage())
                .isEqualTo("the boot tree " + tftp + " is not there, so nobody knows which generations it names");
        assertThat(failure.hint()).endsWith("take its line out of " + directory.bootTrees());
        assertThat(left()).hasSize(5);

        Files.writeString(directory.bootTrees(), "");
        gc(1);
        assertThat(left()).containsExactly(5);
    }

    @Test
    void aBootTreeFromBeforeThereWasAListCounts() throws IOException {
        new Generations(directory).makeCurrent(generation(1));
        stageTo(tftp);
        new Generations(directory).makeCurrent(generation(5));
        Files.delete(directory.bootTrees());
        gc(1);
        assertThat(left()).containsExactly(1, 5);
    }

    @Test
    void whatAMachineUsesStaysAsLongAsItsUseCounts() throws IOException {
        UseNotes notes = new UseNotes(directory, Events.none(), clock, clock::nanos);
        notes.tick();
        notes.note(InetAddress.getByName("10.0.0.7"), () -> Optional.of(MAC), generation(3));
        clock.advance(Duration.ofHours(1));
        notes.tick();
        assertThat(why(gc(1), 3)).isEqualTo("machines use it: 10.0.0.7");
        assertThat(left()).containsExactly(3, 5);

        for (int hour = 0; hour < 8 * 24 * 60; hour++) {
            clock.advance(Duration.ofMinutes(1));
            notes.tick();
        }
        gc(1);
        assertThat(left()).containsExactly(5);
        assertThat(directory.uses(generation(3))).doesNotExist();
    }

    @Test
    void whoMayUseWhatNobodyCouldNoteKeepsEverything() throws IOException {
        Files.createDirectories(directory.uses());
        Files.createFile(directory.missed());
        Files.setLastModifiedTime(directory.missed(), FileTime.from(clock.instant()));
        assertThat(why(gc(1), 1)).isEqualTo("nbroot serve could not note what machines use");
        assertThat(left()).hasSize(5);

        Files.setLastModifiedTime(directory.missed(), FileTime.from(Instant.EPOCH));
        gc(1);
        assertThat(left()).containsExactly(5);
    }

    @Test
    void whatACommandWorksWithStaysAndWhatAKilledOneHeldDoesNot() throws IOException {
        HeldGeneration held = HeldGeneration.hold(directory, generation(2));
        assertThat(why(gc(1), 2)).isEqualTo("another nbroot is working with it");
        held.close();
        Files.createDirectories(directory.uses(generation(2)));
        Files.writeString(directory.uses(generation(2)).resolve("held-1-1"), "1\n");
        gc(1);
        assertThat(left()).containsExactly(5);
        assertThat(catchThrowableOfType(Failure.class, () -> HeldGeneration.hold(directory, generation(2))))
                .hasMessage("the generation bookworm/2 does not exist");
    }

    @Test
    void whoeverComesToNeedItAtThatMomentFindsItAgain() {
        GcOutcome outcome = gc(new GcRequest(false, 1, Duration.ofDays(30), OptionalLong.empty()), tree -> {
            if (tree.equals(generation(2).directory())) {
                // Between the decision, of which this is the last part, and the removal.
                held(generation(2));
            }
            return SIZE;
        });
        assertThat(left()).containsExactly(2, 5);
        assertThat(why(outcome, 2)).isEqualTo("another nbroot is working with it");
        assertThat(generation(2).kernel()).exists();
    }

    private void held(Generation generation) {
        HeldGeneration.hold(directory, generation);
    }

    @Test
    void aRootThatIsBeingBuiltIsLeftAndTheOthersAreNot() throws IOException {
        state.publish("other");
        state.publish("other");
        StateLock lock = StateLock.take(directory.lock("root-bookworm"), "root bookworm");
        try {
            GcOutcome outcome = gc(1);
            assertThat(outcome.skipped()).singleElement().satisfies(skipped -> {
                assertThat(skipped.name()).isEqualTo("bookworm");
                assertThat(skipped.why()).contains("another nbroot").endsWith("is working on root bookworm");
            });
            assertThat(outcome.dropped()).singleElement().satisfies(dropped -> {
                assertThat(dropped.name()).isEqualTo("other");
            });
        } finally {
            lock.close();
        }
        assertThat(left()).hasSize(5);
    }

    @Test
    void twoAtOnceAreOneTooMany() {
        StateLock lock = StateLock.take(directory.lock("gc"), "what nothing needs any more");
        try {
            assertThat(refused(1).kind()).isEqualTo(FailureKind.LOCKED);
        } finally {
            lock.close();
        }
    }

    @Test
    void aRootWithoutACurrentGenerationIsLeft() throws IOException {
        Files.delete(directory.root("bookworm").resolve("current"));
        assertThat(gc(1).skipped())
                .singleElement()
                .satisfies(skipped -> assertThat(skipped.why()).isEqualTo("it has no current generation"));
        assertThat(left()).hasSize(5);
    }

    @Test
    void aRootThatWasNeverFinishedIsNothingToSpeakOf() throws IOException {
        Path building = Files.createDirectories(directory.root("first").resolve(".building"));
        assertThat(gc(5).skipped()).isEmpty();
        assertThat(building).doesNotExist();
    }

    @Test
    void aClientNobodyCanReadIsNoReasonToDropAnything() throws IOException {
        Files.createDirectories(directory.client(MAC));
        Files.writeString(directory.client(MAC).resolve("client.yaml"), "mac: [");
        assertThat(refused(1).kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(left()).hasSize(5);
    }

    @Test
    void theNextOneFinishesWhatAKilledOneBegan() throws IOException {
        Path aside = directory.root("bookworm").resolve(".gone-2");
        Files.move(generation(2).directory(), aside);
        Files.delete(aside.resolve("boot/vmlinuz"));
        Path building = Files.createDirectories(directory.root("bookworm").resolve(".building/root/etc"));
        Files.createDirectories(directory.uses(generation(2)));
        Path temporary = Files.createDirectories(directory.cache().resolve("temporary-carry-999999999-1/to"));

        gc(new GcRequest(true, 5, Duration.ofDays(30), OptionalLong.empty()), tree -> SIZE);
        assertThat(temporary).exists();
        gc(5);
        assertThat(directory.cache()).isEmptyDirectory();
        assertThat(left()).containsExactly(1, 3, 4, 5);
        assertThat(aside).doesNotExist();
        assertThat(building).doesNotExist();
        assertThat(directory.uses(generation(2))).doesNotExist();
    }
}
