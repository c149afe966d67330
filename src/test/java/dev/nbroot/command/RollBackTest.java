package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nbroot.report.Event;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.state.BegunRollback;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.SampleState;
import dev.nbroot.state.SettableClock;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.StateLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollBackTest {
    @TempDir
    private Path temporary;

    private final List<Event> events = new ArrayList<>();
    private SampleState state;
    private Path tftp;
    private StageBootTree stage;
    private RollBack rollback;

    @BeforeEach
    void threeGenerations() throws IOException {
        state = new SampleState(temporary.resolve("state"));
        tftp = temporary.resolve("tftp");
        Path program = Files.writeString(temporary.resolve("pxelinux.0"), "the program");
        Path library = Files.writeString(temporary.resolve("ldlinux.c32"), "the library");
        stage = BareStage.of(
                state.directory(),
                generation -> new PxelinuxLoader(program, library),
                events::add,
                new SettableClock());
        rollback = new RollBack(state.directory(), stage, events::add);
        for (int i = 0; i < 3; i++) {
            state.publish("bookworm");
        }
    }

    private RollbackOutcome run(String... generation) {
        return rollback.run(new RollbackRequest(
                "bookworm", generation.length == 0 ? Optional.empty() : Optional.of(generation[0])));
    }

    private Failure refused(String root, String... generation) {
        return catchThrowableOfType(
                Failure.class,
                () -> rollback.run(new RollbackRequest(
                        root, generation.length == 0 ? Optional.empty() : Optional.of(generation[0]))));
    }

    private int current() {
        return new Generations(state.directory())
                .current("bookworm")
                .map(Generation::number)
                .orElse(0);
    }

    private void client(String mac, String name, int generation, ClientMode mode) throws IOException {
        MacAddress card = MacAddress.parse(mac);
        Files.createDirectories(state.directory().client(card));
        state.files()
                .write(
                        state.directory().client(card),
                        new ClientRecord(
                                card,
                                "bookworm",
                                generation,
                                name,
                                "0123456789abcdef0123456789abcdef",
                                mode,
                                Optional.empty(),
                                OptionalInt.empty(),
                                "2026-01-01T00:00:00Z"));
    }

    @Test
    void withoutANumberItIsTheOneBefore() {
        RollbackOutcome outcome = run();
        assertThat(current()).isEqualTo(2);
        assertThat(outcome.from()).contains(3);
        assertThat(outcome.generation()).isEqualTo(2);
        assertThat(outcome.tftp()).isEmpty();

        run();
        assertThat(current()).isEqualTo(1);
        Failure failure = refused("bookworm");
        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(failure).hasMessage("there is no generation before bookworm/1, which is current");
        assertThat(current()).isEqualTo(1);
    }

    @Test
    void withANumberASecondTimeChangesNothingAndItGoesForwardToo() {
        run("1");
        assertThat(run("1").from()).contains(1);
        assertThat(current()).isEqualTo(1);
        run("3");
        assertThat(current()).isEqualTo(3);
    }

    @Test
    void theBootTreeFollowsWholeAndPersistentClientsStay() throws IOException {
        client("52-54-00-00-00-01", "stays", 3, ClientMode.PERSISTENT);
        client("52-54-00-00-00-02", "moves", 3, ClientMode.STATELESS);
        stage.run(StageRequest.of(List.of(), tftp, "10.0.0.1", Optional.empty()));

        RollbackOutcome outcome = run("1");

        assertThat(outcome.tftp()).contains(tftp);
        assertThat(outcome.clients())
                .containsExactly(
                        new RollbackOutcome.NextBoot("52:54:00:00:00:01", "stays", "persistent", 3, false),
                        new RollbackOutcome.NextBoot("52:54:00:00:00:02", "moves", "stateless", 1, true));
        assertThat(tftp.resolve("pxelinux.cfg/01-52-54-00-00-00-01"))
                .content()
                .contains("nbroot/bookworm/3/vmlinuz", "nbroot/bookworm/3/initrd")
                .doesNotContain("bookworm/1/");
        for (String file : List.of("default", "01-52-54-00-00-00-02")) {
            assertThat(tftp.resolve("pxelinux.cfg").resolve(file))
                    .content()
                    .contains("nbroot/bookworm/1/vmlinuz", "nbroot/bookworm/1/initrd", "/roots/bookworm/1/root")
                    .doesNotContain("bookworm/3/");
        }
        assertThat(tftp.resolve("nbroot/bookworm/1/vmlinuz")).hasContent("kernel of bookworm/1");
        assertThat(tftp.resolve("nbroot/bookworm/3/vmlinuz"))
                .as("the menu of one names it")
                .exists();
    }

    @Test
    void whatIsNotThereIsRefusedInOneSentence() throws IOException {
        assertThat(refused("trixie", "1").getMessage()).startsWith("there is no root named 'trixie' in ");
        assertThat(refused("bookworm", "9")).hasMessage("the root bookworm has no generation '9'");
        assertThat(refused("bookworm", "9").hint()).isEqualTo("it has: 1, 2, 3");
        assertThat(refused("bookworm", "../../x").kind()).isEqualTo(FailureKind.USAGE);

        Files.delete(state.directory().generation("bookworm", 1).initrd());
        Failure broken = refused("bookworm", "1");
        assertThat(broken.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(broken.getMessage()).startsWith("bookworm/1 is not whole: there is no ");
        assertThat(current()).isEqualTo(3);
    }

    @Test
    void whileTheRootIsBuiltItIsLocked() {
        StateLock lock = StateLock.take(state.directory().lock("root-bookworm"), "root bookworm");
        try {
            Failure failure = refused("bookworm", "1");
            assertThat(failure.kind()).isEqualTo(FailureKind.LOCKED);
            assertThat(failure.getMessage()).endsWith("is working on root bookworm");
        } finally {
            lock.close();
        }
        assertThat(current()).isEqualTo(3);
    }

    @Test
    void aNumberMendsALinkThatPointsNowhere() throws IOException {
        Path link = state.directory().root("bookworm").resolve("current");
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("nowhere"));

        assertThat(refused("bookworm").kind()).isEqualTo(FailureKind.FAILED);
        assertThat(run("2").from()).isEmpty();
        assertThat(current()).isEqualTo(2);
    }

    @Test
    void aBootTreeThatCannotFollowIsToldWithWhatIsDone() throws IOException {
        stage.run(StageRequest.of(List.of(), tftp, "10.0.0.1", Optional.empty()));
        Files.writeString(tftp.resolve("pxelinux.cfg/default"), "changed by hand");

        Failure failure = refused("bookworm", "1");
        assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
        assertThat(failure.getMessage()).startsWith("bookworm/1 is current, but not staged: ");
        assertThat(current()).isEqualTo(1);
    }

    /** Until the boot tree has it, whoever does not know how far it came may ask for the same again. */
    @Test
    void whatCouldNotBeStagedIsFinishedAndGoesBackNoFurther() throws IOException {
        stage.run(StageRequest.of(List.of(), tftp, "10.0.0.1", Optional.empty()));
        Path menu = tftp.resolve("pxelinux.cfg/default");
        Path aside = Files.move(menu, temporary.resolve("aside"));
        Files.writeString(menu, "changed by hand");

        for (int i = 0; i < 3; i++) {
            assertThat(refused("bookworm").getMessage()).startsWith("bookworm/2 is current, but not staged: ");
            assertThat(current()).isEqualTo(2);
        }
        Files.move(aside, menu, StandardCopyOption.REPLACE_EXISTING);
        events.clear();
        RollbackOutcome outcome = run();
        assertThat(outcome.from()).contains(3);
        assertThat(outcome.generation()).isEqualTo(2);
        assertThat(menu).content().contains("nbroot/bookworm/2/vmlinuz");
        assertThat(events)
                .anySatisfy(event -> assertThat(event.toString())
                        .contains("the last rollback, from bookworm/3 to bookworm/2, did not come to its end"));

        assertThat(run().generation()).as("it has come to its end").isEqualTo(1);
    }

    @Test
    void oneThatWasKilledIsFinishedWhereverItWas() {
        BegunRollback begun = new BegunRollback(state.directory(), "bookworm");
        begun.begin(state.directory().generation("bookworm", 3));
        assertThat(run().from()).as("before anything had changed").contains(3);
        assertThat(current()).isEqualTo(2);

        begun.begin(state.directory().generation("bookworm", 3));
        assertThat(run().from()).as("right behind the change").contains(3);
        assertThat(current()).isEqualTo(2);
        assertThat(begun.from()).isEmpty();
    }

    /** Who asked for it does not know of that, and will ask for the same again. */
    @Test
    void whatAServerOrAnotherCommandStagesBehindItDoesNotEndIt() throws IOException {
        stage.run(StageRequest.of(List.of(), tftp, "10.0.0.1", Optional.empty()));
        new BegunRollback(state.directory(), "bookworm").begin(state.directory().generation("bookworm", 3));
        new Generations(state.directory()).makeCurrent(state.directory().generation("bookworm", 2));
        stage.restage();
        assertThat(run().generation()).isEqualTo(2);
        assertThat(run().generation()).isEqualTo(1);
    }

    @Test
    void whatSomebodyElseHasDoneSinceEndsIt() throws IOException {
        BegunRollback begun = new BegunRollback(state.directory(), "bookworm");
        begun.begin(state.directory().generation("bookworm", 3));
        new Generations(state.directory()).makeCurrent(state.directory().generation("bookworm", 2));
        stage.run(StageRequest.of(List.of(), tftp, "10.0.0.1", Optional.empty()));
        assertThat(run().generation()).as("it was staged").isEqualTo(1);

        run("3");
        begun.begin(state.directory().generation("bookworm", 3));
        state.publish("bookworm");
        assertThat(run().generation()).as("another was built").isEqualTo(3);

        begun.begin(state.directory().generation("bookworm", 3));
        run("2");
        assertThat(begun.from()).as("the user has chosen").isEmpty();
    }

    @Test
    void aRootThatIsNotStagedIsToldSo() throws IOException {
        state.publish("other");
        stage.run(StageRequest.of(List.of("other"), tftp, "10.0.0.1", Optional.empty()));
        events.clear();
        run("1");
        assertThat(events)
                .anySatisfy(event -> assertThat(event.toString())
                        .contains("names bookworm/1 for no machine: the root is not among the staged ones"));
    }
}
