package dev.nbroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Event;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Generation;
import dev.nbroot.state.SettableClock;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.Use;
import dev.nbroot.state.Uses;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of uses, by one server after the other and by what reads their notes. */
class UseNotesTest {
    private static final MacAddress CARD = MacAddress.parse("52:54:00:00:00:0a");
    private static final Duration TICK = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    private final SettableClock clock = new SettableClock();
    private final List<String> warnings = new ArrayList<>();
    private StateDirectory state;
    private Generation generation;
    private UseNotes notes;

    @BeforeEach
    void aGeneration() throws IOException {
        state = new StateDirectory(directory);
        generation = state.generation("bookworm", 3);
        Files.createDirectories(generation.tree());
        notes = started();
    }

    private UseNotes started() {
        UseNotes made = new UseNotes(
                state,
                event -> {
                    if (event instanceof Event.Notice notice) {
                        warnings.add(notice.text());
                    }
                },
                clock,
                clock::nanos);
        made.tick();
        return made;
    }

    private void serveFor(Duration time) {
        Instant end = clock.instant().plus(time);
        while (clock.instant().isBefore(end)) {
            clock.advance(Duration.ofMinutes(1));
            notes.tick();
        }
    }

    private boolean note(String address) {
        try {
            return notes.note(InetAddress.getByName(address), () -> Optional.of(CARD), generation);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> users() {
        return new Uses(state).of(generation).stream().map(Use::address).toList();
    }

    @Test
    void nobodyButRootMaySayWhoUsesWhat() throws IOException {
        note("10.0.0.7");
        Path note = state.uses(generation).resolve("10.0.0.7");
        assertThat(Files.getPosixFilePermissions(note)).isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
        for (Path at = note.getParent(); !at.equals(directory); at = at.getParent()) {
            assertThat(Files.getPosixFilePermissions(at)).isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
        }

        Path precious = Files.writeString(directory.resolve("precious"), "precious");
        Files.createSymbolicLink(note.resolveSibling("10.0.0.8"), precious);
        assertThat(note("10.0.0.8")).isTrue();
        assertThat(precious).hasContent("precious");
        assertThat(warnings).hasSize(1);
    }

    @Test
    void aNeighbourTableThatCannotBeReadIsNoReasonNotToNote() throws IOException {
        notes.note(
                InetAddress.getByName("10.0.0.7"),
                () -> {
                    throw Failure.of(FailureKind.FAILED, "no descriptors left", "");
                },
                generation);
        assertThat(users()).containsExactly("10.0.0.7");
    }

    @Test
    void aUseIsOnDiskBeforeItIsAnswered() {
        assertThat(note("10.0.0.7")).isTrue();

        assertThat(new Uses(state).of(generation))
                .containsExactly(new Use("10.0.0.7", Optional.of(CARD), clock.instant()));
        assertThat(warnings).isEmpty();
    }

    @Test
    void aCardThatNobodyKnowsIsNoneAndOneThatComesLaterIsNoted() throws IOException {
        notes.note(InetAddress.getByName("10.0.0.7"), Optional::empty, generation);
        assertThat(new Uses(state).of(generation).get(0).card()).isEmpty();

        clock.advance(Duration.ofMinutes(2));
        note("10.0.0.7");
        assertThat(new Uses(state).of(generation).get(0).card()).contains(CARD);
    }

    @Test
    void aMachineThatGoesOnIsNotedOnceAMinute() throws IOException {
        note("10.0.0.7");
        Instant first = clock.instant();
        clock.advance(Duration.ofSeconds(50));
        note("10.0.0.7");
        assertThat(new Uses(state).of(generation).get(0).seen()).isEqualTo(first);

        clock.advance(Duration.ofSeconds(20));
        note("10.0.0.7");
        assertThat(new Uses(state).of(generation).get(0).seen()).isEqualTo(clock.instant());
    }

    @Test
    void sixSilentDaysAreNoEndAndEightAre() {
        note("10.0.0.7");
        serveFor(Duration.ofDays(6));
        assertThat(users()).containsExactly("10.0.0.7");

        serveFor(Duration.ofDays(2));
        assertThat(users()).isEmpty();
    }

    @Test
    void whoCallsAgainStartsAgain() {
        note("10.0.0.7");
        serveFor(Duration.ofDays(6));
        note("10.0.0.7");
        serveFor(Duration.ofDays(6));
        assertThat(users()).containsExactly("10.0.0.7");
    }

    @Test
    void aKilledServerHasNotedEverythingAndFiveMinutesWithoutOneChangeNothing() {
        note("10.0.0.7");
        clock.advance(Duration.ofMinutes(5));
        assertThat(users()).containsExactly("10.0.0.7");

        notes = started();
        assertThat(users()).containsExactly("10.0.0.7");
    }

    @Test
    void daysWithoutAServerDoNotCount() {
        note("10.0.0.7");
        serveFor(Duration.ofDays(6));
        clock.advance(Duration.ofDays(30));
        assertThat(users()).as("while it is away").containsExactly("10.0.0.7");

        notes = started();
        assertThat(users()).as("when it is back").containsExactly("10.0.0.7");
        serveFor(Duration.ofHours(12));
        assertThat(users()).containsExactly("10.0.0.7");
        serveFor(Duration.ofDays(1));
        assertThat(users()).as("six days before and more than one after").isEmpty();
    }

    @Test
    void restartsDoNotMakeAMachineYoungThatIsGone() {
        note("10.0.0.7");
        for (int day = 0; day < 10; day++) {
            serveFor(Duration.ofDays(1));
            clock.advance(Duration.ofMinutes(10));
            notes = started();
        }
        assertThat(users()).isEmpty();
    }

    @Test
    void aClockThatIsSetEndsNoUse() {
        note("10.0.0.7");
        clock.set(Instant.parse("1970-01-01T00:01:00Z"));
        clock.advance(TICK);
        notes.tick();
        assertThat(users()).as("set back").containsExactly("10.0.0.7");

        clock.set(Instant.parse("2031-01-01T00:00:00Z"));
        clock.advance(TICK);
        notes.tick();
        assertThat(users()).as("set forward").containsExactly("10.0.0.7");
    }

    @Test
    void aGenerationThatWasTakenAwayIsNotUsed() throws IOException {
        Files.move(generation.directory(), generation.directory().resolveSibling(".gone-3"));

        assertThat(note("10.0.0.7")).isFalse();
        assertThat(users()).isEmpty();
        assertThat(state.uses(generation).resolve("10.0.0.7")).doesNotExist();
    }

    @Test
    void whatCannotBeNotedIsSaidUntilItCan() throws IOException {
        Path inTheWay = Files.writeString(state.uses().resolve("bookworm"), "");

        assertThat(note("10.0.0.7")).as("the machine is served all the same").isTrue();
        assertThat(new Uses(state).incomplete()).isTrue();
        assertThat(warnings).singleElement().asString().contains("cannot note that 10.0.0.7 uses bookworm/3");
        clock.advance(TICK);
        notes.tick();
        assertThat(new Uses(state).incomplete()).isTrue();

        Files.delete(inTheWay);
        clock.advance(TICK);
        notes.tick();
        assertThat(new Uses(state).incomplete()).isFalse();
        assertThat(users()).containsExactly("10.0.0.7");
    }

    @Test
    void whatAKilledServerCouldNotNoteIsUnknownForAsLongAsItWouldCount() throws IOException {
        Path inTheWay = Files.writeString(state.uses().resolve("bookworm"), "");
        note("10.0.0.7");
        Files.delete(inTheWay);
        clock.advance(Duration.ofDays(20));
        notes = started();
        assertThat(new Uses(state).incomplete()).isTrue();
        Files.writeString(inTheWay, "");
        note("10.0.0.8");
        Files.delete(inTheWay);
        serveFor(Duration.ofDays(6));
        assertThat(users()).containsExactly("10.0.0.8");
        assertThat(new Uses(state).incomplete()).isTrue();
        serveFor(Duration.ofDays(2));
        assertThat(new Uses(state).incomplete()).isFalse();
    }

    @Test
    void whatCannotBeNotedForLongIsStillTried() throws IOException {
        Path inTheWay = Files.writeString(state.uses().resolve("bookworm"), "");
        note("10.0.0.7");
        for (int i = 0; i < 1100; i++) {
            clock.advance(TICK);
            notes.tick();
        }
        assertThat(new Uses(state).incomplete()).isTrue();
        Files.delete(inTheWay);
        notes.tick();
        assertThat(users()).containsExactly("10.0.0.7");
        assertThat(new Uses(state).incomplete()).isFalse();
    }

    @Test
    void forgedAddressesDoNotFillTheDisk() throws IOException {
        for (int i = 0; i < 2000; i++) {
            assertThat(note("10.0." + i / 250 + "." + i % 250)).isTrue();
        }
        assertThat(users()).hasSize(1024);
        notes = started();
        note("10.0.9.1");
        assertThat(users()).as("a restart makes no room").hasSize(1024);
    }

    @Test
    void whatDoesNotCountAnyMoreMakesRoom() {
        for (int i = 0; i < 1024; i++) {
            note("10.0." + i / 250 + "." + i % 250);
        }
        serveFor(Duration.ofDays(4));
        note("10.0.0.7");
        assertThat(note("10.0.9.1")).isTrue();
        assertThat(users()).hasSize(1024).doesNotContain("10.0.9.1");
        serveFor(Duration.ofDays(4));
        assertThat(note("10.0.9.1")).isTrue();
        assertThat(users()).containsExactlyInAnyOrder("10.0.0.7", "10.0.9.1");
        assertThat(state.uses(generation)).isDirectoryContaining("glob:**/10.0.9.1");
        assertThat(state.uses(generation).toFile().list()).as("files left").hasSize(2);
    }

    @Test
    void aGenerationThatWasDroppedAndMadeAnewHasRoom() throws IOException {
        for (int i = 0; i < 1024; i++) {
            note("10.0." + i / 250 + "." + i % 250);
        }
        TreeRemoval.remove(state.uses(generation));
        Path gone = Files.move(generation.directory(), generation.directory().resolveSibling(".gone-3"));
        assertThat(note("10.0.9.1")).isFalse();
        Files.move(gone, generation.directory());
        assertThat(note("10.0.9.1")).isTrue();
        assertThat(users()).containsExactly("10.0.9.1");
    }

    @Test
    void whoFetchesAKernelIsAboutToUseItsGeneration() throws IOException {
        ServedState served = new ServedState(state, any -> {}, clock::nanos);
        Machines machines = new Machines(served, any -> Optional.of(CARD), clock::nanos);
        BootFileUses files = new BootFileUses(state, machines, notes);
        InetAddress who = InetAddress.getByName("10.0.0.8");

        files.fetched(who, "pxelinux.cfg/default");
        files.fetched(who, "nbroot/bookworm/4/vmlinuz");
        files.fetched(who, "nbroot/bookworm/3/other");
        assertThat(users()).isEmpty();
        files.fetched(who, "nbroot/bookworm/3/initrd");
        assertThat(users()).containsExactly("10.0.0.8");
        assertThat(state.uses(state.generation("bookworm", 4))).doesNotExist();
    }
}
