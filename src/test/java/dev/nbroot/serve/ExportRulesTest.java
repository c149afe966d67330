package dev.nbroot.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.nfs.export.Decision;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.Squash;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.state.SharedTree;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.Ipv4Network;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may use what, with a neighbour table and a clock of our own. */
class ExportRulesTest {
    private static final MacAddress OWNER = MacAddress.parse("52:54:00:00:00:0a");
    private static final MacAddress OTHER = MacAddress.parse("52:54:00:00:00:0b");
    private static final String NEAR = "192.168.1.7";
    private static final String ROUTED = "10.2.0.7";

    @TempDir
    private Path scratch;

    private final AtomicLong nanos = new AtomicLong();
    private final Map<String, MacAddress> neighbours = new HashMap<>();
    private Path data;
    private StateDirectory state;
    private Generation bookworm;
    private Generation trixie;
    private String view;

    @BeforeEach
    void rootsAClientAndADirectory() throws IOException {
        scratch = scratch.toRealPath();
        data = Files.createDirectories(scratch.resolve("data"));
        state = new StateDirectory(scratch.resolve("state"));
        bookworm = state.generation("bookworm", 1);
        trixie = state.generation("trixie", 1);
        Files.createDirectories(bookworm.tree());
        Files.createDirectories(trixie.tree());
        Files.createDirectories(state.client(OWNER));
        view = state.client(OWNER).resolve("root").toString();
        client(OWNER, ClientMode.PERSISTENT);
        client(OTHER, ClientMode.STATELESS);
        neighbours.put(NEAR, OWNER);
        neighbours.put("192.168.1.8", OTHER);
    }

    private void client(MacAddress mac, ClientMode mode) throws IOException {
        Files.createDirectories(state.client(mac));
        new StateFiles(state)
                .write(
                        state.client(mac),
                        new ClientRecord(
                                mac,
                                "bookworm",
                                1,
                                mac.equals(OWNER) ? "node1" : "node2",
                                "0123456789abcdef0123456789abcdef",
                                mode,
                                Optional.empty(),
                                OptionalInt.empty(),
                                "2026-01-01T00:00:00Z"));
    }

    private ExportRules rules(String... texts) {
        ServedState served = new ServedState(state, Events.none(), nanos::get);
        Machines machines = machines(served);
        Grants grants = new Grants(
                RuleParser.parseAll(Stream.of(texts)
                        .map(text -> text.replace("DATA", data.toString()))
                        .toList()),
                List.of(Ipv4Network.parse("192.168.1.0/24", "own")));
        SilentViews silent = new SilentViews(machine -> true, System::nanoTime);
        return new ExportRules(
                state, new ExportTable(state, served, new NoTrees(), grants), machines, UseLog.none(), silent);
    }

    @Test
    void whoMountsFirstDoesNotDecideForOthersWhatIsOnDisk() {
        Export first = Export.writable("/srv/data", () -> Path.of("/srv/data")).onDisk();
        assertThat(first.as(true, first.squash()).durable()).isFalse();
        assertThat(first.as(false, first.squash()).durable()).isFalse();
    }

    private Machines machines(ServedState served) {
        return new Machines(
                served, address -> Optional.ofNullable(neighbours.get(address.getHostAddress())), nanos::get);
    }

    private static final class NoTrees implements Trees {
        @Override
        public Path open(KeptDirectory kept) {
            throw new AssertionError("nothing is opened");
        }

        @Override
        public Path open(Generation generation) {
            throw new AssertionError("nothing is opened");
        }

        @Override
        public Path open(ClientRecord client) {
            throw new AssertionError("nothing is opened");
        }
    }

    private static InetSocketAddress from(String address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** {@return ro or rw and whose identity is squashed; or the status and reason of the refusal} */
    private static String asked(ExportRules rules, String who, int port, String path) {
        Decision decision = rules.decide(from(who, port), path);
        if (decision instanceof Decision.Refused refused) {
            return refused.status() + " " + refused.reason();
        }
        Export export = ((Decision.Granted) decision).export();
        assertThat(rules.objection(from(who, port), export)).isEmpty();
        return (export.writable() ? "rw " : "ro ") + export.squash().whose();
    }

    private static String asked(ExportRules rules, String who, String path) {
        return asked(rules, who, 700, path);
    }

    private static String path(Generation generation) {
        return generation.tree().toString();
    }

    @Test
    void withoutRulesTheNeighboursBootAndNobodyElse() {
        ExportRules rules = rules();

        assertThat(asked(rules, NEAR, path(bookworm))).isEqualTo("ro NO_ONE");
        assertThat(asked(rules, "192.168.1.99", path(trixie))).as("not cloned").isEqualTo("ro NO_ONE");
        assertThat(asked(rules, NEAR, view)).isEqualTo("rw NO_ONE");
        assertThat(asked(rules, NEAR, view + "/etc")).isEqualTo("rw NO_ONE");
        assertThat(asked(rules, ROUTED, path(bookworm)))
                .startsWith("ACCESS ")
                .contains("it is for 192.168.1.0/24 (ro)", "add 10.2.0.7 to the rule");
        assertThat(asked(rules, NEAR, data.toString())).startsWith("ACCESS it is not exported");
    }

    @Test
    void aRuleAboutARootTakesThePlaceOfTheDefault() {
        ExportRules rules = rules("bookworm=192.168.7.0/24");

        assertThat(asked(rules, "192.168.7.20", path(bookworm))).isEqualTo("ro NO_ONE");
        assertThat(asked(rules, NEAR, path(bookworm)))
                .isEqualTo("ACCESS it is for 192.168.7.0/24 (ro) by --export bookworm=192.168.7.0/24;"
                        + " to let this machine in add 192.168.1.7 to the rule");
        assertThat(asked(rules, NEAR, path(trixie))).as("another root").isEqualTo("ro NO_ONE");
        assertThat(asked(rules, NEAR, view)).as("its view").isEqualTo("rw NO_ONE");
    }

    @Test
    void aRescueNetworkMayReadEveryRoot() {
        ExportRules rules =
                rules("roots=192.168.1.0/24", "roots=192.168.9.0/24,root_squash", "bookworm=192.168.7.0/24");

        for (Generation root : List.of(bookworm, trixie)) {
            assertThat(asked(rules, "192.168.9.1", path(root))).isEqualTo("ro ROOT");
            assertThat(asked(rules, NEAR, path(root))).isEqualTo("ro NO_ONE");
        }
        assertThat(asked(rules, "192.168.7.1", path(bookworm))).isEqualTo("ro NO_ONE");
        assertThat(asked(rules, "192.168.7.1", path(trixie))).startsWith("ACCESS ");
    }

    @Test
    void whatAClientKeepsIsForItsMachineAlone() throws IOException {
        Path kept = Files.createDirectories(state.client(OTHER).resolve("persist/var=lib=foo"));
        Files.createDirectories(state.client(OTHER).resolve("persist/.=half"));
        ExportRules rules = rules(OTHER.colons() + "=" + ROUTED + ",rw");

        assertThat(asked(rules, "192.168.1.8", kept.toString())).isEqualTo("rw NO_ONE");
        assertThat(asked(rules, ROUTED, kept.toString())).isEqualTo("rw NO_ONE");
        assertThat(asked(rules, NEAR, kept.toString()))
                .startsWith("ACCESS this directory belongs to the machine with the card 52:54:00:00:00:0b (node2), but"
                        + " the caller has 52:54:00:00:00:0a");
        assertThat(asked(rules, "192.168.1.8", kept.resolveSibling("home").toString()))
                .startsWith("NO_SUCH_ENTRY the client is stateless")
                .contains("there is no such directory that it keeps");
        assertThat(asked(rules, "192.168.1.8", kept.resolveSibling(".=half").toString()))
                .startsWith("NO_SUCH_ENTRY ");
    }

    @Test
    void aSharedTreeIsForOneMachineAtATime() throws Exception {
        MacAddress card = SharedTree.card("bookworm");
        client(card, ClientMode.SHARED);
        String shared = state.client(card).resolve("root").toString();
        ExportRules rules = rules();

        assertThat(rules.visible(from("192.168.1.8", 700)))
                .as("looking takes nothing")
                .hasSize(3);
        assertThat(asked(rules, NEAR, shared)).isEqualTo("rw NO_ONE");
        assertThat(asked(rules, "192.168.1.8", shared))
                .startsWith("ACCESS the shared tree of bookworm is for one machine at a time, and 52:54:00:00:00:0a"
                        + " (192.168.1.7), since 2")
                .endsWith("has it; switch that one off, and about a minute later another one can boot, or, when it"
                        + " cannot be using the tree, delete " + state.holder(card));
        assertThat(asked(rules, NEAR, shared)).as("after a reboot").isEqualTo("rw NO_ONE");
        neighbours.put("192.168.1.70", OWNER);
        assertThat(asked(rules, "192.168.1.70", shared))
                .as("with another address")
                .isEqualTo("rw NO_ONE");
        assertThat(asked(rules(), "192.168.1.8", shared))
                .as("a server that was killed and started again")
                .startsWith("ACCESS ")
                .contains("(192.168.1.70)");
        assertThat(asked(rules, ROUTED, shared)).startsWith("ACCESS it is for 192.168.1.0/24 (rw)");

        rules.released(new StateFiles(state).client(state.client(card).resolve("client.yaml")), System.nanoTime());
        assertThat(asked(rules, "192.168.1.8", shared)).isEqualTo("rw NO_ONE");
        assertThat(asked(rules, NEAR, shared)).startsWith("ACCESS ").contains("52:54:00:00:00:0b");
        rules.released(new StateFiles(state).client(state.client(card).resolve("client.yaml")), 0);
        assertThat(asked(rules, NEAR, shared))
                .as("it has called since it was found silent")
                .startsWith("ACCESS ");

        Files.writeString(state.holder(card), "52:54:00:00:00:0f 192.168.1.8 2026-01-01T00:00:00Z\n");
        assertThat(asked(rules(), NEAR, shared)).startsWith("ACCESS ").contains("52:54:00:00:00:0f");
        assertThat(asked(rules(), "192.168.1.8", shared))
                .as("who has its address now")
                .isEqualTo("rw NO_ONE");
        assertThat(Files.readString(state.holder(card))).startsWith("52:54:00:00:00:0b 192.168.1.8 ");
    }

    @Test
    void whoDeletesTheFileFreesASharedTreeByHand() throws Exception {
        MacAddress card = SharedTree.card("bookworm");
        client(card, ClientMode.SHARED);
        String shared = state.client(card).resolve("root").toString();
        ExportRules rules = rules();
        assertThat(asked(rules, NEAR, shared)).isEqualTo("rw NO_ONE");
        assertThat(asked(rules, "192.168.1.8", shared)).startsWith("ACCESS ");

        Files.delete(state.holder(card));
        assertThat(asked(rules, "192.168.1.8", shared)).isEqualTo("rw NO_ONE");
        assertThat(asked(rules, NEAR, shared)).as("it was in use after all").startsWith("ACCESS ");
    }

    @Test
    void aHandleOfASharedTreeIsOfNoUseToAnotherMachine() throws Exception {
        MacAddress card = SharedTree.card("bookworm");
        client(card, ClientMode.SHARED);
        ExportRules rules = rules();
        Decision decision =
                rules.decide(from(NEAR, 700), state.client(card).resolve("root").toString());
        Export export = ((Decision.Granted) decision).export();

        assertThat(rules.objection(from("192.168.1.8", 700), export))
                .get()
                .asString()
                .contains("is for one machine at a time");
        assertThat(rules.objection(from(NEAR, 700), export)).isEmpty();
    }

    @Test
    void aDirectoryIsForWhomItIsSaid() {
        ExportRules rules = rules("DATA=192.168.1.0/24", "DATA=52:54:00:00:00:0a,rw,no_root_squash");

        assertThat(asked(rules, "192.168.1.8", data.toString())).isEqualTo("ro ROOT");
        assertThat(asked(rules, NEAR, data + "/below"))
                .as("the card is more exact")
                .isEqualTo("rw NO_ONE");
        assertThat(asked(rules, ROUTED, data.toString()))
                .startsWith("ACCESS ")
                .contains("52:54:00:00:00:0a (rw), 192.168.1.0/24 (ro)")
                .contains("the caller's card is not known, because it is not on a network of this host");
    }

    @Test
    void theMostExactRuleDecides() {
        ExportRules rules =
                rules("DATA=0.0.0.0/0,ro,all_squash", "DATA=10.0.0.0/8,rw,all_squash", "DATA=10.2.0.7,ro,root_squash");

        assertThat(asked(rules, "203.0.113.1", data.toString())).isEqualTo("ro EVERYBODY");
        assertThat(asked(rules, "10.9.9.9", data.toString())).isEqualTo("rw EVERYBODY");
        assertThat(asked(rules, "10.2.0.7", data.toString())).isEqualTo("ro ROOT");
    }

    @Test
    void aViewIsItsOwnersUnlessARuleSaysMore() {
        assertThat(asked(rules(), "192.168.1.8", view))
                .isEqualTo("ACCESS this view belongs to the machine with the card 52:54:00:00:00:0a (node1),"
                        + " but the caller has 52:54:00:00:00:0b; to let it in by its address:"
                        + " nbroot serve --export 52:54:00:00:00:0a=192.168.1.8,rw");
        assertThat(asked(rules(), ROUTED, view))
                .contains("card is not known, because it is not on a network of this host")
                .contains("--export 52:54:00:00:00:0a=10.2.0.7,rw");
        ExportRules routed = rules("52:54:00:00:00:0a=10.2.0.7,rw", "52:54:00:00:00:0a=10.2.0.8");
        assertThat(asked(routed, ROUTED, view)).isEqualTo("rw NO_ONE");
        assertThat(asked(routed, "10.2.0.8", view)).isEqualTo("ro NO_ONE");
        assertThat(asked(routed, NEAR, view)).as("the owner still").isEqualTo("rw NO_ONE");
        assertThat(asked(routed, "192.168.1.8", view)).startsWith("ACCESS ");
    }

    @Test
    void whoWantsChangesOnDiskGetsThemThere() {
        ExportRules rules =
                rules(OWNER + "=" + OWNER + ",sync", data + "=192.168.1.8,rw", data + "=192.168.1.0/24,sync");
        Export own = ((Decision.Granted) rules.decide(from(NEAR, 700), view)).export();
        assertThat(own.durable()).isTrue();
        assertThat(own.writable()).as("the owner still").isTrue();
        Export shared = ((Decision.Granted) rules.decide(from("192.168.1.8", 700), data.toString())).export();
        assertThat(shared.durable()).as("by the network's rule").isTrue();
        assertThat(shared.writable()).as("by its own rule").isTrue();
        Export usual = ((Decision.Granted) rules().decide(from(NEAR, 700), view)).export();
        assertThat(usual.durable()).isFalse();
    }

    @Test
    void aHandleOfAnotherMachineDoesNotWork() {
        ExportRules rules = rules();
        Export export = ((Decision.Granted) rules.decide(from(NEAR, 700), view)).export();
        assertThat(rules.objection(from("192.168.1.8", 700), export)).isPresent();
        assertThat(rules.seenBy(from("192.168.1.8", 700), export).writable()).isFalse();

        neighbours.put(NEAR, OTHER);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(rules.objection(from(NEAR, 700), export))
                .as("the address moved")
                .isPresent();
    }

    @Test
    void aReservedPortIsWantedWhereARuleSaysSo() {
        ExportRules rules = rules("DATA=192.168.1.0/24,secure");

        assertThat(asked(rules, NEAR, 1023, data.toString())).isEqualTo("ro ROOT");
        assertThat(asked(rules, NEAR, 1024, data.toString()))
                .startsWith("ACCESS the call comes from port 1024, and the rule ");
        assertThat(asked(rules, NEAR, 40000, path(bookworm)))
                .as("off by default")
                .isEqualTo("ro NO_ONE");
    }

    @Test
    void whatIsNotThereIsNotThere() {
        ExportRules rules = rules();

        assertThat(asked(rules, NEAR, path(state.generation("bookworm", 9))))
                .startsWith("NO_SUCH_ENTRY there is no such generation; this machine may mount ")
                .contains(path(bookworm), view);
        assertThat(asked(rules, NEAR, state.clients().resolve("52-54-00-00-00-0c") + "/root"))
                .startsWith("NO_SUCH_ENTRY there is no client");
        assertThat(asked(rules, NEAR, state.client(OTHER) + "/root")).contains("the client is stateless");
        assertThat(asked(rules, NEAR, state.client(OWNER) + "/upper")).contains("only the directory root");
        assertThat(asked(rules, ROUTED, "/etc")).contains("this machine may mount nothing");
        assertThat(asked(rules, NEAR, "/")).startsWith("ACCESS ");
        assertThat(asked(rules, NEAR, state.clients().toString())).startsWith("ACCESS ");
    }

    @Test
    void everybodySeesWhatTheyMayMount() {
        ExportRules rules = rules("DATA=10.2.0.7");

        assertThat(rules.visible(from(NEAR, 700)))
                .extracting(Export::path)
                .containsExactly(path(bookworm), path(trixie), view);
        assertThat(rules.visible(from(ROUTED, 700))).extracting(Export::path).containsExactly(data.toString());
        assertThat(rules.visible(from("203.0.113.9", 700))).isEmpty();
    }

    @Test
    void refusalsAreEventsWithTheirCount() {
        List<Event> events = new ArrayList<>();
        ServedState served = new ServedState(state, Events.none(), nanos::get);
        NfsActivity activity = new NfsActivity(machines(served), events::add, nanos::get);
        for (int i = 0; i < 4; i++) {
            activity.refused(from("192.168.1.8", 700 + i), "call", "/x\ny", "because");
        }
        activity.tick();
        assertThat(events).hasSize(1);
        nanos.addAndGet(Duration.ofSeconds(60).toNanos());
        activity.tick();

        Event.Machine who = new Event.Machine("52:54:00:00:00:0b", "192.168.1.8", "node2");
        assertThat(events)
                .containsExactly(
                        new Event.ClientActivity(who, "nfs", "/x\\x0ay", "refused", "because", false, Map.of()),
                        new Event.ClientActivity(
                                who,
                                "nfs",
                                "/x\\x0ay",
                                "refused",
                                "because",
                                false,
                                Map.of("again", 3L, "seconds", 60L)));
    }

    @Test
    void checksBeforeAnythingListens() throws IOException {
        Files.createDirectories(data.resolve("below"));
        Files.createSymbolicLink(scratch.resolve("link"), data);
        refused(FailureKind.USAGE, "nothing is not a directory", scratch.resolve("nothing"));
        refused(FailureKind.USAGE, "is reached through a symbolic link", scratch.resolve("link"));
        refused(FailureKind.USAGE, "lies in the state directory", state.roots());
        refused(FailureKind.USAGE, "lies in the state directory", state.path());
        refused(FailureKind.USAGE, "has the state directory", scratch);
        refused(FailureKind.USAGE, "has the state directory", Path.of("/"));
        refused(FailureKind.USAGE, "below lies in", data, data.resolve("below"));
        refused(FailureKind.HOST, "gives no usable file handles", Path.of("/proc"));
        check(data + "=10.0.0.1");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> check("sid=10.0.0.1"))
                .withMessageContaining("there is no root named 'sid'");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> check("52:54:00:00:00:0c=10.0.0.1"))
                .withMessageContaining("there is no client 52:54:00:00:00:0c");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> check("52:54:00:00:00:0b=10.0.0.1"))
                .withMessageContaining("is stateless and has nothing of its own here");
        check("bookworm=10.0.0.1", "52:54:00:00:00:0a=10.0.0.1", "roots=10.0.0.2");
    }

    private void refused(FailureKind kind, String why, Path... directories) {
        String[] texts = Stream.of(directories).map(path -> path + "=10.0.0.1").toArray(String[]::new);
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> check(texts))
                .withMessageContaining(why)
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(kind))
                .satisfies(failure -> assertThat(failure.hint()).isNotEmpty());
    }

    private void check(String... texts) {
        List<ExportRule> rules = RuleParser.parseAll(List.of(texts));
        ExportChecks checks = new ExportChecks(state, new LinuxPosixFiles());
        checks.directories(rules);
        checks.namesAndHandles(rules);
    }

    @Test
    void squashTakesWhatItSays() {
        assertThat(Squash.NONE.takes(0)).isFalse();
        assertThat(Squash.NONE.takes(-1)).as("no change, to the kernel").isTrue();
        assertThat(Squash.ROOT.takes(0)).isTrue();
        assertThat(Squash.ROOT.takes(1000)).isFalse();
        assertThat(Squash.ALL.takes(1000)).isTrue();
    }
}
