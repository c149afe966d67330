package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.report.Event;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.SampleState;
import dev.nbroot.state.SharedTree;
import dev.nbroot.state.StageSettings;
import dev.nbroot.system.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StageBootTreeTest {
    @TempDir
    private Path temporary;

    private final List<Event> events = new ArrayList<>();
    private final MovableClock clock = new MovableClock();
    private SampleState state;
    private Path tftp;
    private StageBootTree stage;

    @BeforeEach
    void prepare() throws IOException {
        state = new SampleState(temporary.resolve("state"));
        tftp = temporary.resolve("tftp");
        Path program = Files.writeString(temporary.resolve("pxelinux.0"), "the program");
        Path library = Files.writeString(temporary.resolve("ldlinux.c32"), "the library");
        stage = BareStage.of(state.directory(), generation -> new PxelinuxLoader(program, library), events::add, clock);
    }

    @Test
    void writesLoaderKernelsAndAConfigurationForEachMachine() throws IOException {
        state.publish("bookworm");
        client("52-54-00-00-00-01", "node1", ClientMode.PERSISTENT);

        StageOutcome outcome = stage.run(request());

        assertThat(files().keySet())
                .containsExactlyInAnyOrder(
                        "ldlinux.c32",
                        "pxelinux.0",
                        "nbroot/bookworm/1/vmlinuz",
                        "nbroot/bookworm/1/initrd",
                        "nbroot/.lock",
                        "nbroot/staged",
                        "pxelinux.cfg/default",
                        "pxelinux.cfg/01-52-54-00-00-00-01");
        assertThat(tftp.resolve("nbroot/bookworm/1/vmlinuz")).hasContent("kernel of bookworm/1");
        assertThat(tftp.resolve("pxelinux.cfg/01-52-54-00-00-00-01"))
                .content()
                .contains("nfsroot=10.0.0.1:" + state.directory().path() + "/clients/52-54-00-00-00-01/root,");
        assertThat(outcome.clients()).extracting(ClientRecord::hostname).containsExactly("node1");
        assertThat(outcome.unknown().kernels()).hasSize(1);
    }

    @Test
    void everybodyMayReadTheTreeAndItHoldsNoLink() throws IOException {
        state.publish("bookworm");
        stage.run(request());

        try (Stream<Path> all = Files.walk(tftp)) {
            for (Path path : all.filter(one -> !one.endsWith(".lock")).toList()) {
                assertThat(path).isNot(new org.assertj.core.api.Condition<>(Files::isSymbolicLink, "a link"));
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                assertThat(mode).as(path.toString()).isEqualTo(Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--");
            }
        }
    }

    @Test
    void aSecondRunTouchesNothing() throws IOException {
        state.publish("bookworm");
        client("52-54-00-00-00-01", "node1", ClientMode.PERSISTENT);
        stage.run(request());
        try (Stream<Path> all = Files.walk(tftp)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (!file.startsWith(tftp.resolve("nbroot"))) {
                    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
                }
            }
        }
        stage.run(request());
        Map<String, FileTime> before = files();

        StageOutcome outcome = stage.run(request());

        assertThat(outcome.changes().written()).isEmpty();
        assertThat(outcome.changes().removed()).isEmpty();
        before.remove("nbroot/.lock");
        Map<String, FileTime> after = files();
        after.remove("nbroot/.lock");
        assertThat(after).isEqualTo(before);
    }

    @Test
    void anEmptyTreeAndATreeOfAnOlderGenerationEndUpTheSame() throws IOException {
        state.publish("bookworm");
        stage.run(request());
        state.publish("bookworm");
        client("52-54-00-00-00-01", "node1", ClientMode.STATELESS);

        stage.run(request());
        Path fresh = temporary.resolve("fresh");
        stage.run(StageRequest.of(List.of(), fresh, "10.0.0.1", Optional.empty()));

        assertThat(tftp.resolve("pxelinux.cfg/default")).hasSameTextualContentAs(fresh.resolve("pxelinux.cfg/default"));
        assertThat(tftp.resolve("pxelinux.cfg/01-52-54-00-00-00-01"))
                .hasSameTextualContentAs(fresh.resolve("pxelinux.cfg/01-52-54-00-00-00-01"));
    }

    @Test
    void aKernelThatNoMenuNamesStaysAWhileForMachinesThatAreJustBooting() throws IOException {
        state.publish("bookworm");
        stage.run(request());
        state.publish("bookworm");

        assertThat(stage.run(request()).changes().waiting())
                .containsExactlyInAnyOrder(Path.of("nbroot/bookworm/1/vmlinuz"), Path.of("nbroot/bookworm/1/initrd"));
        assertThat(tftp.resolve("nbroot/bookworm/1/initrd")).exists();
        clock.advance(Duration.ofMinutes(14));
        stage.run(request());
        assertThat(tftp.resolve("nbroot/bookworm/1/initrd")).exists();
        clock.advance(Duration.ofMinutes(2));
        stage.run(request());
        assertThat(tftp.resolve("nbroot/bookworm/1")).doesNotExist();
        assertThat(tftp.resolve("nbroot/bookworm/2/initrd")).hasContent("initrd of bookworm/2");
    }

    @Test
    void aSharedTreeIsBootedWithItsOwnGenerationByWhoeverIsNoClient() throws IOException {
        Manifest.Boot boot = new Manifest.Boot("shared", List.of("ttyS0"), List.of());
        state.publish("bookworm", boot);
        MacAddress card = SharedTree.card("bookworm");
        Files.createDirectories(state.directory().client(card));
        state.files()
                .write(
                        state.directory().client(card),
                        new ClientRecord(
                                card,
                                "bookworm",
                                1,
                                "node",
                                "0123456789abcdef0123456789abcdef",
                                ClientMode.SHARED,
                                Optional.empty(),
                                OptionalInt.empty(),
                                "2026-01-01T00:00:00Z"));
        state.publish("bookworm", boot);
        client("52-54-00-00-00-01", "node", ClientMode.STATELESS);

        StageOutcome outcome = stage.run(request());

        assertThat(tftp.resolve("pxelinux.cfg/default"))
                .content()
                .contains("nbroot/bookworm/1/vmlinuz", "/clients/" + card + "/root,", " rw ", "nbroot.shared=bookworm")
                .doesNotContain("nbroot.overlay", "bookworm/2");
        assertThat(tftp.resolve("pxelinux.cfg/01-52-54-00-00-00-01"))
                .content()
                .contains("nbroot/bookworm/2/vmlinuz", "nbroot.overlay")
                .doesNotContain("nbroot.shared");
        assertThat(outcome.clients()).hasSize(1);
        assertThat(tftp.resolve("pxelinux.cfg/01-" + card)).doesNotExist();
    }

    @Test
    void whatAStatelessClientKeepsIsThereBeforeItsMachineIsToldToMountIt() throws IOException {
        Path home =
                state.publishKeeping("bookworm", "/home", "/var/lib/foo").tree().resolve("home");
        Files.writeString(home.resolve("file"), "of the generation");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-x---"));
        client("52-54-00-00-00-01", "node1", ClientMode.STATELESS);
        client("52-54-00-00-00-02", "node2", ClientMode.PERSISTENT);

        stage.run(request());

        Path kept = state.directory().clients().resolve("52-54-00-00-00-01/persist");
        assertThat(kept.resolve("home/file")).hasContent("of the generation");
        assertThat(kept.resolve("var=lib=foo")).isEmptyDirectory();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept.resolve("home"))))
                .isEqualTo("rwxr-x---");
        assertThat(tftp.resolve("pxelinux.cfg/01-52-54-00-00-00-01"))
                .content()
                .contains(" nbroot.persist=10.0.0.1:" + kept + " ");
        assertThat(tftp.resolve("pxelinux.cfg/01-52-54-00-00-00-02")).content().doesNotContain("nbroot.persist");
        assertThat(tftp.resolve("pxelinux.cfg/default")).content().doesNotContain("nbroot.persist");
        assertThat(state.directory().clients().resolve("52-54-00-00-00-02/persist"))
                .doesNotExist();
    }

    @Test
    void aNewGenerationTouchesNothingThatIsKeptAndBringsWhatIsNew() throws IOException {
        state.publishKeeping("bookworm", "/home");
        client("52-54-00-00-00-01", "node1", ClientMode.STATELESS);
        stage.run(request());
        Path kept = state.directory().clients().resolve("52-54-00-00-00-01/persist");
        Files.writeString(kept.resolve("home/mine"), "mine");
        // What a killed one has left is in nobody's way.
        Files.createDirectories(kept.resolve(".=srv=data/half"));
        Path tree = state.publishKeeping("bookworm", "/srv/data", "/opt").tree();
        Files.writeString(tree.resolve("srv/data/seed"), "seed");

        stage.run(request());

        assertThat(kept.resolve("home/mine")).hasContent("mine");
        assertThat(kept.resolve("srv=data/seed")).hasContent("seed");
        assertThat(kept.resolve("srv=data/half")).doesNotExist();
        assertThat(events)
                .extracting(Object::toString)
                .filteredOn(text -> text.contains("bookworm/2 keeps /home no more"))
                .singleElement()
                .asString()
                .contains("stays in " + kept);
    }

    @Test
    void aDryRunMakesNothing() throws IOException {
        state.publishKeeping("bookworm", "/home");
        client("52-54-00-00-00-01", "node1", ClientMode.STATELESS);
        state.publish("desk", new Manifest.Boot("shared", List.of("ttyS0"), List.of()));
        stage.run(new StageRequest(List.of(), tftp, "10.0.0.1", Optional.empty(), 2049, OptionalInt.empty(), true));
        Path kept = state.directory().clients().resolve("52-54-00-00-00-01/persist");
        assertThat(kept).doesNotExist();
        assertThat(events)
                .extracting(Object::toString)
                .anyMatch(text -> text.contains("would make " + kept.resolve("home")))
                .anyMatch(text -> text.contains("would make the shared tree of desk over desk/1"));
    }

    @Test
    void aTrialTellsMachinesToMountWhatItDoesNotMake() throws IOException {
        state.publishKeeping("bookworm", "/home");
        client("52-54-00-00-00-01", "node1", ClientMode.STATELESS);
        state.publish("desk", new Manifest.Boot("shared", List.of("ttyS0"), List.of()));

        stage.runOnce(StageRequest.of(List.of("desk", "bookworm"), tftp, "10.0.0.1", Optional.of("desk")));

        assertThat(tftp.resolve("pxelinux.cfg/default")).content().contains("nbroot.shared=desk");
        assertThat(tftp.resolve("pxelinux.cfg/01-52-54-00-00-00-01")).content().contains(" nbroot.persist=10.0.0.1:");
        assertThat(state.directory().clients().resolve("52-54-00-00-00-01/persist"))
                .doesNotExist();
        try (Stream<Path> clients = Files.list(state.directory().clients())) {
            assertThat(clients).hasSize(1);
        }
        assertThat(events).extracting(Object::toString).noneMatch(text -> text.contains("cannot be made"));
    }

    @Test
    void aClientKeepsTheKernelOfItsOwnGeneration() throws IOException {
        state.publish("bookworm");
        client("52-54-00-00-00-01", "node1", ClientMode.PERSISTENT);
        state.publish("bookworm");

        stage.run(request());

        assertThat(tftp.resolve("pxelinux.cfg/01-52-54-00-00-00-01")).content().contains("nbroot/bookworm/1/vmlinuz");
        assertThat(tftp.resolve("pxelinux.cfg/default")).content().contains("nbroot/bookworm/2/vmlinuz");
        assertThat(tftp.resolve("nbroot/bookworm/1/vmlinuz")).hasContent("kernel of bookworm/1");
    }

    @Test
    void aRemovedClientsConfigurationGoes() throws IOException {
        state.publish("bookworm");
        ClientRecord client = client("52-54-00-00-00-01", "node1", ClientMode.STATELESS);
        stage.run(request());
        Files.delete(state.directory().client(client.mac()).resolve("client.yaml"));

        assertThat(stage.run(request()).changes().removed())
                .containsExactly(Path.of("pxelinux.cfg/01-52-54-00-00-00-01"));
        assertThat(tftp.resolve("pxelinux.cfg/01-52-54-00-00-00-01")).doesNotExist();
    }

    @Test
    void handMadeFilesSurvive() throws IOException {
        state.publish("bookworm");
        Files.createDirectories(tftp.resolve("pxelinux.cfg"));
        Files.createDirectories(tftp.resolve("nbroot/bookworm/1"));
        List<String> mine = List.of("pxelinux.cfg/01-52-54-00-00-00-99", "memtest", "nbroot/bookworm/1/notes");
        for (String name : mine) {
            Files.writeString(tftp.resolve(name), "mine");
        }
        stage.run(request());
        state.publish("bookworm");
        stage.run(request());
        clock.advance(Duration.ofHours(1));
        stage.run(request());

        for (String name : mine) {
            assertThat(tftp.resolve(name)).hasContent("mine");
        }
        assertThat(tftp.resolve("nbroot/bookworm/1/vmlinuz")).doesNotExist();
    }

    @Test
    void aFileOfSomebodyElseInTheWayIsRefusedBeforeAnythingIsWritten() throws IOException {
        state.publish("bookworm");
        Files.createDirectories(tftp.resolve("pxelinux.cfg"));
        Files.writeString(tftp.resolve("pxelinux.cfg/default"), "DEFAULT mine\n");

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> stage.run(request()))
                .withMessage(tftp.resolve("pxelinux.cfg/default") + " exists, and nbroot did not write it")
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.USAGE));

        assertThat(files().keySet()).containsExactly("pxelinux.cfg/default");
        assertThat(tftp.resolve("pxelinux.cfg/default")).hasContent("DEFAULT mine\n");
        assertThat(state.files().stageSettings()).isEmpty();
    }

    @Test
    void aConfigurationEditedByHandIsRefusedAndGoesOnWhenMovedAway() throws IOException {
        state.publish("bookworm");
        stage.run(request());
        Path config = tftp.resolve("pxelinux.cfg/default");
        Files.writeString(config, Files.readString(config).replace("quiet", "debug"));
        state.publish("bookworm");

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> stage.run(request()))
                .withMessage(config + " was changed by hand after nbroot wrote it");
        assertThat(tftp.resolve("nbroot/bookworm/2")).doesNotExist();

        Files.move(config, tftp.resolve("default.mine"));
        stage.run(request());
        assertThat(config).content().contains("bookworm/2");
    }

    @Test
    void aWantedFileThatIsUnwantedAndEditedStaysWithAWarning() throws IOException {
        state.publish("bookworm");
        ClientRecord client = client("52-54-00-00-00-01", "node1", ClientMode.STATELESS);
        stage.run(request());
        Path config = tftp.resolve("pxelinux.cfg/01-52-54-00-00-00-01");
        Files.writeString(config, "mine");
        Files.delete(state.directory().client(client.mac()).resolve("client.yaml"));

        stage.run(request());

        assertThat(config).hasContent("mine");
        assertThat(events).anySatisfy(event -> assertThat(event.toString()).contains("left where it is"));
    }

    @Test
    void aSymbolicLinkInTheWayIsNotFollowed() throws IOException {
        state.publish("bookworm");
        Files.createDirectories(tftp);
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.createSymbolicLink(tftp.resolve("pxelinux.cfg"), outside);

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> stage.run(request()))
                .withMessageContaining("symbolic link");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aStageThatWasKilledHalfwayIsTakenUpAgain() throws IOException {
        state.publish("bookworm");
        stage.run(request());
        // As after a crash: the new generation's files are there and announced, the menus are still the old ones.
        Generation next = state.publish("bookworm");
        Path record = tftp.resolve("nbroot/staged");
        String sha = state.files().manifest(next).hashes().get("vmlinuz");
        Files.writeString(record, Files.readString(record) + sha + " -1 0 0 nbroot/bookworm/2/vmlinuz\n");
        Files.createDirectories(tftp.resolve("nbroot/bookworm/2"));
        Files.copy(next.kernel(), tftp.resolve("nbroot/bookworm/2/vmlinuz"));
        Files.writeString(tftp.resolve("nbroot/bookworm/2/.nbroot-123.tmp"), "half");
        state.publish("bookworm");

        stage.run(request());
        assertThat(tftp.resolve("pxelinux.cfg/default")).content().contains("bookworm/3");
        clock.advance(Duration.ofHours(1));
        stage.run(request());
        assertThat(tftp.resolve("nbroot/bookworm/2/vmlinuz")).doesNotExist();
    }

    @Test
    void aGenerationWhoseKernelWasDamagedIsNotStaged() throws IOException {
        Generation generation = state.publish("bookworm");
        Files.writeString(generation.kernel(), "something else");

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> stage.run(request()))
                .withMessageContaining("SHA-256");
        assertThat(tftp.resolve("nbroot/bookworm/1/vmlinuz")).doesNotExist();
        assertThat(tftp.resolve("pxelinux.cfg")).doesNotExist();
    }

    @Test
    void aDownloadThatIsUnderWayKeepsItsFile() throws IOException {
        state.publish("bookworm");
        stage.run(request());
        Path config = tftp.resolve("pxelinux.cfg/default");
        String old = Files.readString(config);
        try (var open = Files.newInputStream(config)) {
            byte[] first = open.readNBytes(10);
            state.publish("bookworm");
            stage.run(request());
            assertThat(new String(first) + new String(open.readAllBytes())).isEqualTo(old);
        }
        assertThat(config).content().isNotEqualTo(old);
    }

    @Test
    void aDryRunWritesNothing() throws IOException {
        state.publish("bookworm");
        StageOutcome outcome = stage.run(
                new StageRequest(List.of(), tftp, "10.0.0.1", Optional.empty(), 2049, OptionalInt.of(80), true));
        assertThat(outcome.changes().written()).contains(Path.of("pxelinux.cfg/default"));
        assertThat(outcome.plan().describe()).anyMatch(line -> line.contains("nfsroot=10.0.0.1:"));
        assertThat(tftp).doesNotExist();
    }

    @Test
    void remembersItselfForRestaging() throws IOException {
        state.publish("bookworm");
        assertThat(stage.restage()).isEmpty();
        assertThat(events).hasAtLeastOneElementOfType(Event.Notice.class);

        stage.run(new StageRequest(
                List.of(), tftp, "10.0.0.1", Optional.of("bookworm"), 3049, OptionalInt.empty(), false));
        state.publish("bookworm");
        StageOutcome again = stage.restage().orElseThrow();

        assertThat(state.files().stageSettings())
                .contains(new StageSettings(
                        tftp, "10.0.0.1", List.of(), Optional.of("bookworm"), 3049, OptionalInt.empty()));
        assertThat(again.tftp()).isEqualTo(tftp);
        assertThat(tftp.resolve("pxelinux.cfg/default")).content().contains("bookworm/2", "port=3049");
    }

    @Test
    void theNamedRootsAloneAreStagedAndTheDefaultComesFirst() throws IOException {
        state.publish("bookworm");
        state.publish("rescue");
        state.publish("trixie");
        stage.run(StageRequest.of(List.of("bookworm", "trixie"), tftp, "10.0.0.1", Optional.of("trixie")));

        assertThat(tftp.resolve("pxelinux.cfg/default"))
                .content()
                .contains("DEFAULT trixie\n", "LABEL bookworm\n", "LABEL trixie\n")
                .doesNotContain("rescue");
    }

    @Test
    void anotherStateDirectorysTreeIsRefused() throws IOException {
        state.publish("bookworm");
        stage.run(request());
        SampleState other = new SampleState(temporary.resolve("other"));
        other.publish("bookworm");
        StageBootTree second = BareStage.of(
                other.directory(),
                generation -> new PxelinuxLoader(temporary.resolve("pxelinux.0"), temporary.resolve("ldlinux.c32")),
                events::add,
                clock);
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> second.run(request()))
                .withMessageContaining("another state directory");
    }

    @Test
    void aMissingDirectoryIsMadeButNotItsParents() throws IOException {
        state.publish("bookworm");
        Path deep = temporary.resolve("no/such");
        assertUsage(StageRequest.of(List.of(), deep, "10.0.0.1", Optional.empty()), "is not a directory");
        Path file = Files.writeString(temporary.resolve("file"), "");
        assertUsage(StageRequest.of(List.of(), file, "10.0.0.1", Optional.empty()), "is not a directory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"server", "::1", "10.0.0", "10.0.0.256", "010.0.0.1", "0.0.0.0", "224.0.0.1", "", "10.0.0.1:69"})
    void aServerMustBeTheIpv4AddressOfOneMachine(String server) throws IOException {
        state.publish("bookworm");
        assertUsage(StageRequest.of(List.of(), tftp, server, Optional.empty()), "--server");
        assertThat(tftp).doesNotExist();
    }

    @Test
    void unknownRootsNameTheKnownOnes() throws IOException {
        assertUsage(request(), "no root to stage");
        state.publish("bookworm");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> stage.run(StageRequest.of(List.of("bokworm"), tftp, "10.0.0.1", Optional.empty())))
                .satisfies(failure -> assertThat(failure.hint()).contains("bookworm"));
        assertUsage(StageRequest.of(List.of(), tftp, "10.0.0.1", Optional.of("trixie")), "--default trixie");
    }

    @Test
    void aTreeThatWouldServeTheStateDirectoryIsRefused() throws IOException {
        state.publish("bookworm");
        assertUsage(StageRequest.of(List.of(), temporary, "10.0.0.1", Optional.empty()), "secrets");
        assertUsage(StageRequest.of(List.of(), state.directory().roots(), "10.0.0.1", Optional.empty()), "secrets");
    }

    @Test
    void aTreeInTheCacheIsRefused() throws IOException {
        state.publish("bookworm");
        Files.createDirectories(state.directory().cache());
        Path inside = state.directory().cache().resolve("tftp");
        assertUsage(StageRequest.of(List.of(), inside, "10.0.0.1", Optional.empty()), "may be deleted at any time");
        assertThat(inside).doesNotExist();
    }

    @Test
    void aModeThatIsNotKnownIsSaid() throws IOException {
        String mode = "nonsense";
        state.publish("bookworm", new Manifest.Boot(mode, List.of(), List.of()));
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> stage.run(request()))
                .withMessageContaining("cannot stage the boot.mode '" + mode + "'")
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no manifest", "damaged manifest", "empty manifest", "generator", "no kernel"})
    void aRootThatCannotBeStagedDoesNotBlockTheOthers(String fault) throws IOException {
        state.publish("trixie");
        damage(fault);
        client("52-54-00-00-00-01", "node1", ClientMode.PERSISTENT);

        StageOutcome outcome = stage.run(request());

        assertThat(tftp.resolve("pxelinux.cfg/default")).content().contains("DEFAULT trixie\n");
        assertThat(tftp.resolve("pxelinux.cfg/01-52-54-00-00-00-01")).doesNotExist();
        assertThat(tftp.resolve("nbroot/bookworm")).doesNotExist();
        assertThat(outcome.clients()).isEmpty();
        assertThat(warnings()).hasSize(2);
        assertThat(warnings().get(0)).asString().contains("not staged: the root bookworm: ");
        assertThat(warnings().get(1)).asString().contains("not staged: the client node1 (52:54:00:00:00:01): ");
        assertThat(stage.restage()).isPresent();
    }

    @Test
    void aClientBootsItsOwnGenerationWhateverBecameOfTheRoot() throws IOException {
        state.publish("bookworm");
        client("52-54-00-00-00-01", "node1", ClientMode.PERSISTENT);
        state.publish("trixie");
        Files.delete(state.publish("bookworm").manifest());

        StageOutcome outcome = stage.run(request());

        assertThat(outcome.clients()).hasSize(1);
        assertThat(tftp.resolve("pxelinux.cfg/01-52-54-00-00-00-01")).content().contains("nbroot/bookworm/1/vmlinuz");
        assertThat(tftp.resolve("pxelinux.cfg/default")).content().contains("DEFAULT trixie\n");
        assertThat(warnings()).hasSize(1);
    }

    @Test
    void theDamagedLinkOfARootThatIsNotAskedForIsNoObstacle() throws IOException {
        state.publish("bookworm");
        state.publish("other");
        Path link = state.directory().root("other").resolve("current");
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("nonsense"));
        stage.run(StageRequest.of(List.of("bookworm"), tftp, "10.0.0.1", Optional.empty()));
        assertThat(tftp.resolve("pxelinux.cfg/default")).content().contains("nbroot/bookworm/1/vmlinuz");
    }

    @Test
    void aDamagedClientDoesNotBlockTheOthers() throws IOException {
        state.publish("bookworm");
        client("52-54-00-00-00-01", "node1", ClientMode.PERSISTENT);
        client("52-54-00-00-00-02", "node2", ClientMode.PERSISTENT);
        Files.writeString(state.directory().clients().resolve("52-54-00-00-00-01/client.yaml"), "mac: [");

        assertThat(stage.run(request()).clients()).hasSize(1);
        assertThat(warnings()).singleElement().asString().contains("not staged: a client: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no manifest", "damaged manifest", "empty manifest", "mode", "generator", "no kernel"})
    void aBadRootThatIsNamedOrAloneFails(String fault) throws IOException {
        damage(fault);
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> stage.run(request()));
        state.publish("trixie");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() ->
                        stage.run(StageRequest.of(List.of("bookworm", "trixie"), tftp, "10.0.0.1", Optional.empty())));
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> stage.run(StageRequest.of(List.of(), tftp, "10.0.0.1", Optional.of("bookworm"))));
        assertThat(tftp).doesNotExist();
        assertThat(warnings()).isEmpty();
    }

    @Test
    void whenNoRootCanBeStagedAllReasonsAreSaid() throws IOException {
        damage("mode");
        Files.delete(state.publish("trixie").manifest());
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> stage.run(request()))
                .withMessageContaining("bookworm/1")
                .satisfies(failure ->
                        assertThat(failure.details()).singleElement().asString().contains("trixie/1/manifest.json"));
    }

    @Test
    void aClientOfALostGenerationDoesNotBlockTheOthers() throws IOException {
        Generation first = state.publish("bookworm");
        client("52-54-00-00-00-01", "node1", ClientMode.PERSISTENT);
        state.publish("bookworm");
        Files.delete(first.manifest());

        assertThat(stage.run(request()).clients()).isEmpty();

        assertThat(tftp.resolve("pxelinux.cfg/default")).content().contains("bookworm/2");
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("the client node1 (52:54:00:00:00:01)", "bookworm/1/manifest.json");
    }

    @Test
    void anotherRootGivesTheLoaderWhenTheFirstCannotButAnInterruptEndsIt() throws IOException {
        state.publish("bookworm");
        state.publish("trixie");
        PxelinuxLoader loader = new PxelinuxLoader(temporary.resolve("pxelinux.0"), temporary.resolve("ldlinux.c32"));
        assertThat(stageWithoutLoaderOfBookworm(FailureKind.HOST, loader)
                        .run(request())
                        .unknown()
                        .kernels())
                .hasSize(2);
        assertThat(warnings()).singleElement().asString().contains("no loader of bookworm");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> stageWithoutLoaderOfBookworm(FailureKind.INTERRUPTED, loader)
                        .run(request()))
                .withMessage("no loader of bookworm");
    }

    private StageBootTree stageWithoutLoaderOfBookworm(FailureKind kind, PxelinuxLoader loader) {
        return BareStage.of(
                state.directory(),
                staged -> {
                    if (staged.generation().root().equals("bookworm")) {
                        throw Failure.of(kind, "no loader of bookworm", "");
                    }
                    return loader;
                },
                events::add,
                clock);
    }

    private void damage(String fault) throws IOException {
        String mode = fault.equals("mode") ? "nonsense" : "stateless";
        Generation bad = state.publish("bookworm", new Manifest.Boot(mode, List.of(), List.of()));
        Path manifest = bad.manifest();
        if (fault.equals("no manifest")) {
            Files.delete(manifest);
        } else if (fault.equals("damaged manifest")) {
            Files.writeString(manifest, "{\"name\": ");
        } else if (fault.equals("empty manifest")) {
            Files.writeString(manifest, "{\"hashes\": {}, \"packages\": [], \"steps\": []}");
        } else if (fault.equals("generator")) {
            Files.writeString(manifest, Files.readString(manifest).replace("initramfs-tools", "unheard-of"));
        } else if (fault.equals("no kernel")) {
            Files.delete(bad.kernel());
        }
    }

    private List<String> warnings() {
        return events.stream()
                .filter(event -> event instanceof Event.Notice notice && notice.level() == Event.Level.WARNING)
                .map(event -> ((Event.Notice) event).text())
                .toList();
    }

    @Test
    void aStateDirectoryThatACommandLineCannotCarryIsRefused() throws IOException {
        SampleState odd = new SampleState(temporary.resolve("state, of mine"));
        odd.publish("bookworm");
        StageBootTree oddStage = BareStage.of(
                odd.directory(),
                generation -> new PxelinuxLoader(temporary.resolve("pxelinux.0"), temporary.resolve("ldlinux.c32")),
                events::add,
                clock);
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> oddStage.run(request()))
                .withMessageContaining("cannot carry the path");
    }

    private void assertUsage(StageRequest request, String words) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> stage.run(request))
                .withMessageContaining(words)
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.USAGE));
    }

    private StageRequest request() {
        return StageRequest.of(List.of(), tftp, "10.0.0.1", Optional.empty());
    }

    private ClientRecord client(String mac, String hostname, ClientMode mode) throws IOException {
        ClientRecord client = new ClientRecord(
                new MacAddress(mac),
                "bookworm",
                1,
                hostname,
                "0123456789abcdef0123456789abcdef",
                mode,
                Optional.empty(),
                OptionalInt.empty(),
                "2026-01-01T00:00:00Z");
        Path directory = Files.createDirectories(state.directory().client(client.mac()));
        state.files().write(directory, client);
        return client;
    }

    private Map<String, FileTime> files() throws IOException {
        Map<String, FileTime> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(tftp)) {
            for (Path file : all.filter(one -> Files.isRegularFile(one, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                files.put(tftp.relativize(file).toString(), Files.getLastModifiedTime(file));
            }
        }
        return files;
    }

    /** A clock that a test sets forward. */
    private static final class MovableClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
