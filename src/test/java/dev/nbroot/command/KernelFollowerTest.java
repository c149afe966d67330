package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.build.OwnKernelCheck;
import dev.nbroot.build.SampleKernel;
import dev.nbroot.client.RealContents;
import dev.nbroot.release.BootContract;
import dev.nbroot.report.Event;
import dev.nbroot.stage.NoImages;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.SampleState;
import dev.nbroot.state.SharedTree;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a server notices that a machine has installed a kernel. */
class KernelFollowerTest {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:12:34:56");
    private static final String NEWER = "6.1.0-9-amd64";
    private static final long PATIENCE_MILLIS = 30_000;

    private static final MacAddress UNSTAGED = MacAddress.parse("52:54:00:00:00:07");

    @TempDir
    private Path scratch;

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private SampleState sample;
    private Path upper;
    private final AtomicLong now = new AtomicLong();
    private final CopyAllowance allowance = new CopyAllowance(now::get);
    private KernelFollower follower;

    @BeforeEach
    void aServer() throws IOException {
        sample = new SampleState(scratch.resolve("state"));
        Path modules =
                Files.createDirectories(sample.publish("bookworm").tree().resolve("usr/lib/modules/6.1.0-1-amd64"));
        Files.write(modules.resolve("modules.dep"), SampleKernel.modules());
        upper = Files.createDirectories(sample.directory().client(MAC).resolve("upper"));
        sample.files().write(sample.directory().client(MAC), client(MAC, "node1", ClientMode.PERSISTENT));
        // No command is run for initrds that are not packed.
        InstalledKernels kernels = new InstalledKernels(
                sample.directory(),
                new LinuxPosixFiles(),
                new OwnKernelCheck(null, null),
                new BootContract(),
                allowance,
                events::add);
        Path program = Files.writeString(scratch.resolve("pxelinux.0"), "the program");
        Path library = Files.writeString(scratch.resolve("ldlinux.c32"), "the library");
        StageBootTree stage = new StageBootTree(
                sample.directory(),
                new StageBootTree.Sources(
                        any -> new PxelinuxLoader(program, library), new NoImages(), RealContents.ground(), kernels),
                events::add,
                Clock.systemUTC());
        stage.run(new StageRequest(
                List.of(), scratch.resolve("tftp"), "192.168.7.1", Optional.empty(), 2049, OptionalInt.empty(), false));
        follower = new KernelFollower(sample.files(), kernels, stage, events::add, now::get);
    }

    @AfterEach
    void close() {
        follower.close();
    }

    private static ClientRecord client(MacAddress mac, String name, ClientMode mode) {
        return new ClientRecord(
                mac,
                "bookworm",
                1,
                name,
                "0".repeat(32),
                mode,
                Optional.empty(),
                OptionalInt.empty(),
                "2026-01-01T00:00:00Z");
    }

    private void install() throws IOException {
        Files.createDirectories(upper.resolve("boot"));
        Files.write(upper.resolve("boot/vmlinuz-" + NEWER), SampleKernel.vmlinuz(NEWER));
        Files.write(upper.resolve("boot/initrd.img-" + NEWER), SampleKernel.initrd(SampleKernel.names(NEWER)));
        Path modules = Files.createDirectories(upper.resolve("usr/lib/modules/" + NEWER));
        Files.write(modules.resolve("modules.dep"), SampleKernel.modules());
    }

    private String menu() throws IOException {
        return Files.readString(scratch.resolve("tftp/pxelinux.cfg/01-" + MAC));
    }

    private void awaitMenu(String has) throws Exception {
        long giveUp = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (!menu().contains(has)) {
            assertThat(System.nanoTime()).as("time left; it said: %s", events).isLessThan(giveUp);
            Thread.sleep(20);
        }
    }

    @Test
    void whatCouldNotBeStagedIsTriedAgain() throws Exception {
        Path tree = scratch.resolve("tftp");
        Path away = Files.move(tree, scratch.resolve("away"));
        Files.writeString(tree, "no directory");
        install();
        assertThat(follower.isReady(MAC)).isFalse();
        long giveUp = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (!follower.isReady(MAC)) {
            assertThat(System.nanoTime()).as("it gets what there is, then").isLessThan(giveUp);
            Thread.sleep(20);
        }
        Files.delete(tree);
        Files.move(away, tree);
        assertThat(menu()).doesNotContain("nbroot/kernels/");
        now.addAndGet(Duration.ofMinutes(2).toNanos());
        follower.tick();
        follower.tick();
        awaitMenu("nbroot/kernels/");
    }

    /** What makes a client may be killed before it stages. */
    @ParameterizedTest
    @EnumSource(names = {"PERSISTENT", "STATELESS"})
    void aClientThatIsInNoMenuIsStaged(ClientMode mode) throws Exception {
        Path menu = inNoMenu(mode);
        follower.tick();
        assertThat(menu).as("who made it may just be staging").doesNotExist();
        follower.tick();
        awaitFile(menu);
    }

    @ParameterizedTest
    @EnumSource(names = {"PERSISTENT", "STATELESS"})
    void aClientThatIsInNoMenuIsStagedAtOnceWhenItBoots(ClientMode mode) throws Exception {
        Path menu = inNoMenu(mode);
        assertThat(follower.isReady(UNSTAGED)).isFalse();
        awaitReady(UNSTAGED);
        assertThat(menu).exists();
    }

    private Path inNoMenu(ClientMode mode) throws IOException {
        Files.createDirectories(sample.directory().client(UNSTAGED).resolve("upper"));
        sample.files().write(sample.directory().client(UNSTAGED), client(UNSTAGED, "node7", mode));
        return scratch.resolve("tftp/pxelinux.cfg/01-" + UNSTAGED);
    }

    private void awaitReady(MacAddress mac) throws InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (!follower.isReady(mac)) {
            assertThat(System.nanoTime()).as("time left; it said: %s", events).isLessThan(giveUp);
            Thread.sleep(20);
        }
    }

    /** A rebase that is killed before it stages would leave the kernel of one generation over the root of another. */
    @Test
    void aMachineThatWasMovedBootsNoOtherGenerationsKernel() throws Exception {
        sample.publish("bookworm");
        ClientRecord moved = new ClientRecord(
                MAC,
                "bookworm",
                2,
                "node1",
                "0".repeat(32),
                ClientMode.PERSISTENT,
                Optional.empty(),
                OptionalInt.empty(),
                "2026-01-02T00:00:00Z");
        sample.files().write(sample.directory().client(MAC), moved);
        assertThat(follower.isReady(MAC)).isFalse();
        awaitMenu("LINUX nbroot/bookworm/2/vmlinuz");
    }

    @Test
    void aSharedTreeThatWasMovedBootsNoOtherGenerationsKernel() throws Exception {
        sample.publish("bookworm");
        MacAddress card = SharedTree.card("bookworm");
        ClientRecord moved = new ClientRecord(
                card,
                "bookworm",
                2,
                "bookworm",
                "0".repeat(32),
                ClientMode.SHARED,
                Optional.empty(),
                OptionalInt.empty(),
                "2026-01-02T00:00:00Z");
        Files.createDirectories(sample.directory().client(card));
        sample.files().write(sample.directory().client(card), moved);
        Path others = scratch.resolve("tftp/pxelinux.cfg/default");
        assertThat(others).content().doesNotContain("LINUX nbroot/bookworm/2/vmlinuz");
        follower.tick();
        follower.tick();
        long giveUp = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (!Files.readString(others).contains("LINUX nbroot/bookworm/2/vmlinuz")) {
            assertThat(System.nanoTime()).as("time left; it said: %s", events).isLessThan(giveUp);
            Thread.sleep(20);
        }
    }

    /** A boot tree that cannot be staged for one machine cannot for another. */
    @Test
    void whatCannotBeStagedIsTriedOnceInAMinuteForAll() throws Exception {
        Files.writeString(scratch.resolve("tftp/pxelinux.cfg/default"), "changed by hand");
        for (int i = 1; i < 9; i++) {
            MacAddress mac = MacAddress.parse("52:54:00:00:01:0" + i);
            Files.createDirectories(sample.directory().client(mac));
            sample.files().write(sample.directory().client(mac), client(mac, "many" + i, ClientMode.STATELESS));
        }
        follower.tick();
        follower.tick();
        long giveUp = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (events.isEmpty()) {
            assertThat(System.nanoTime()).as("time left").isLessThan(giveUp);
            Thread.sleep(20);
        }
        for (int i = 1; i < 9; i++) {
            while (!follower.isReady(MacAddress.parse("52:54:00:00:01:0" + i))) {
                assertThat(System.nanoTime()).as("none waits for it").isLessThan(giveUp);
                Thread.sleep(20);
            }
        }
        Thread.sleep(200);
        assertThat(events)
                .filteredOn(event -> event.toString().contains("boots what it booted before"))
                .hasSize(1);
    }

    /** What cannot be staged is not tried again and again. */
    @Test
    void aClientOfAGenerationThatIsNotWholeIsToldOnce() throws Exception {
        Files.delete(sample.publish("bookworm").initrd());
        follower.tick();
        assertThat(menu()).contains("LINUX nbroot/bookworm/1/vmlinuz");
        MacAddress mac = MacAddress.parse("52:54:00:00:00:08");
        Files.createDirectories(sample.directory().client(mac));
        sample.files().write(sample.directory().client(mac), client(mac, "node8", ClientMode.STATELESS));
        assertThat(follower.isReady(mac)).isFalse();
        awaitReady(mac);
        int said = events.size();
        for (int i = 0; i < 5; i++) {
            follower.tick();
        }
        assertThat(follower.isReady(mac)).isTrue();
        assertThat(events).hasSize(said);
    }

    private void awaitFile(Path file) throws InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (!Files.exists(file)) {
            assertThat(System.nanoTime()).as("time left; it said: %s", events).isLessThan(giveUp);
            Thread.sleep(20);
        }
    }

    @Test
    void whoMakesTheServerCopyAgainAndAgainHasToWait() throws Exception {
        install();
        follower.tick();
        follower.tick();
        awaitMenu("nbroot/kernels/");
        allowance.spend(client(MAC, "node1", ClientMode.PERSISTENT), 4L << 30);
        String before = menu();

        for (int i = 0; i < 3; i++) {
            Files.write(
                    upper.resolve("boot/initrd.img-" + NEWER),
                    SampleKernel.initrd(SampleKernel.names(NEWER + "/" + i)));
            now.addAndGet(Duration.ofMinutes(2).toNanos());
            long giveUp = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
            while (!follower.isReady(MAC)) {
                assertThat(System.nanoTime()).as("it boots what there is").isLessThan(giveUp);
                Thread.sleep(20);
            }
        }
        assertThat(menu()).isEqualTo(before);
        assertThat(events)
                .extracting(Object::toString)
                .filteredOn(text -> text.contains("so often"))
                .hasSize(1);

        now.addAndGet(Duration.ofHours(2).toNanos());
        follower.tick();
        follower.tick();
        long giveUp = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (menu().equals(before)) {
            assertThat(System.nanoTime()).as("time left; it said: %s", events).isLessThan(giveUp);
            Thread.sleep(20);
        }
    }

    @Test
    void aMachineThatHasInstalledNothingIsReadyAtOnce() {
        assertThat(follower.isReady(MAC)).isTrue();
        assertThat(follower.isReady(MacAddress.parse("52:54:00:00:00:99"))).isTrue();
    }

    @Test
    void aMachineThatBootsIsReadyWhenItsKernelIsStaged() throws Exception {
        install();
        assertThat(follower.isReady(MAC)).isFalse();
        awaitReady(MAC);
        assertThat(menu()).contains("nbroot/kernels/");
    }

    @Test
    void aKernelIsStagedWhenItsFilesHaveComeToRest() throws Exception {
        install();
        follower.tick();
        Files.write(upper.resolve("boot/initrd.img-" + NEWER), new byte[100]);
        follower.tick();
        install();
        follower.tick();
        assertThat(menu()).as("three ticks, each after a change").contains("nbroot/bookworm/1/vmlinuz");
        follower.tick();
        awaitMenu("nbroot/kernels/");

        Files.delete(upper.resolve("boot/vmlinuz-" + NEWER));
        // As soon as the worker is done with the look before.
        long giveUp = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (!menu().contains("nbroot/bookworm/1/vmlinuz")) {
            assertThat(System.nanoTime()).as("time left; it said: %s", events).isLessThan(giveUp);
            follower.tick();
            Thread.sleep(20);
        }
    }
}
