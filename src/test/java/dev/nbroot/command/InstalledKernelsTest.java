package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.build.OwnKernelCheck;
import dev.nbroot.build.SampleKernel;
import dev.nbroot.client.RealContents;
import dev.nbroot.release.BootContract;
import dev.nbroot.report.Event;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.NoImages;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.state.ClientKernel;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.SampleState;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which kernel a machine boots after it has installed another one, and what it must not be made to boot. */
class InstalledKernelsTest {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:12:34:56");
    private static final String MENU = "pxelinux.cfg/01-52-54-00-12-34-56";
    /** What SampleState's manifests say. */
    private static final String GENERATIONS = "6.1.0-1-amd64";

    private static final String NEWER = "6.1.0-9-amd64";
    private static final String NEWEST = "6.1.0-10-amd64";

    @TempDir
    private Path scratch;

    private final List<Event> events = new ArrayList<>();
    private SampleState sample;
    private Generation generation;
    private ClientRecord client;
    private Path upper;
    private InstalledKernels kernels;
    private StageBootTree stage;

    @BeforeEach
    void aMachine() throws IOException {
        sample = new SampleState(scratch.resolve("state"));
        generation = sample.publish("bookworm");
        client = record("2026-01-01T00:00:00Z");
        upper = Files.createDirectories(sample.directory().client(MAC).resolve("upper"));
        sample.files().write(sample.directory().client(MAC), client);
        install(generation.tree(), GENERATIONS);
        Commands none = new NoCommands();
        kernels = new InstalledKernels(
                sample.directory(),
                new LinuxPosixFiles(),
                new OwnKernelCheck(new NoNamespaces(), none),
                new BootContract(),
                events::add);
        Path program = Files.writeString(scratch.resolve("pxelinux.0"), "the program");
        Path library = Files.writeString(scratch.resolve("ldlinux.c32"), "the library");
        stage = new StageBootTree(
                sample.directory(),
                new StageBootTree.Sources(
                        any -> new PxelinuxLoader(program, library), new NoImages(), RealContents.ground(), kernels),
                events::add,
                Clock.systemUTC());
    }

    private ClientRecord record(String created) {
        return new ClientRecord(
                MAC,
                "bookworm",
                generation.number(),
                "node1",
                "0".repeat(32),
                ClientMode.PERSISTENT,
                Optional.empty(),
                OptionalInt.empty(),
                created);
    }

    private static void install(Path layer, String version) throws IOException {
        Files.createDirectories(layer.resolve("boot"));
        Files.write(layer.resolve("boot/vmlinuz-" + version), SampleKernel.vmlinuz(version));
        Files.write(layer.resolve("boot/initrd.img-" + version), SampleKernel.initrd(SampleKernel.names(version)));
        Path modules = Files.createDirectories(layer.resolve("usr/lib/modules/" + version));
        Files.write(modules.resolve("modules.dep"), SampleKernel.modules());
    }

    private Optional<String> boots() {
        return sample.files().kernel(client).map(ClientKernel::version);
    }

    private String menu() throws IOException {
        stage.run(StageRequest.of(List.of(), scratch.resolve("tftp"), "192.168.7.1", Optional.empty()));
        return Files.readString(scratch.resolve("tftp").resolve(MENU));
    }

    private List<String> told(Event.Level level) {
        return events.stream()
                .filter(Event.Notice.class::isInstance)
                .map(Event.Notice.class::cast)
                .filter(notice -> notice.level() == level)
                .map(Event.Notice::text)
                .toList();
    }

    @Test
    void aMachineThatHasInstalledNoneBootsItsGenerations() throws IOException {
        Files.createDirectories(upper.resolve("boot"));
        Files.writeString(upper.resolve("boot/grub.cfg"), "not ours");
        assertThat(kernels.look(client)).isFalse();
        assertThat(boots()).isEmpty();
        assertThat(menu()).contains("LINUX nbroot/bookworm/1/vmlinuz");
        assertThat(told(Event.Level.WARNING)).isEmpty();
    }

    @Test
    void theNewestThatItHasInstalledIsStaged() throws IOException {
        install(upper, NEWER);
        install(upper, NEWEST);

        String menu = menu();

        ClientKernel kernel = sample.files().kernel(client).orElseThrow();
        assertThat(kernel.version()).isEqualTo(NEWEST);
        assertThat(menu)
                .contains("LINUX nbroot/kernels/" + kernel.id() + "/vmlinuz")
                .contains("INITRD nbroot/kernels/" + kernel.id() + "/initrd")
                .contains("nfsroot=");
        Path staged = scratch.resolve("tftp/nbroot/kernels").resolve(kernel.id());
        assertThat(staged.resolve("vmlinuz")).hasBinaryContent(SampleKernel.vmlinuz(NEWEST));
        assertThat(staged.resolve("initrd")).hasBinaryContent(SampleKernel.initrd(SampleKernel.names(NEWEST)));
        assertThat(told(Event.Level.INFO)).anyMatch(text -> text.contains("node1") && text.contains(NEWEST));
        assertThat(kernels.look(client)).as("a second look").isFalse();
    }

    @Test
    void theOutcomeOfStageSaysIt() throws IOException {
        install(upper, NEWER);
        StageOutcome outcome =
                stage.run(StageRequest.of(List.of(), scratch.resolve("tftp"), "192.168.7.1", Optional.empty()));
        assertThat(outcome.entries())
                .anyMatch(entry -> entry.machine().equals(Optional.of(MAC.colons()))
                        && entry.version().equals(NEWER))
                .anyMatch(entry -> entry.machine().isEmpty() && entry.version().equals(GENERATIONS));
    }

    @Test
    void anOlderOneThanTheGenerationsIsNotTaken() throws IOException {
        install(upper, "5.10.0-9-amd64");
        assertThat(kernels.look(client)).isFalse();
        assertThat(boots()).isEmpty();
    }

    @Test
    void anInitrdThatTheMachineHasMadeAnewGoesWithTheGenerationsKernel() throws IOException {
        Files.createDirectories(upper.resolve("boot"));
        List<String> names = new ArrayList<>(SampleKernel.names(GENERATIONS));
        names.add("etc/more");
        Files.write(upper.resolve("boot/initrd.img-" + GENERATIONS), SampleKernel.initrd(names));
        assertThat(kernels.look(client)).isTrue();
        assertThat(boots()).contains(GENERATIONS);

        Files.write(upper.resolve("boot/initrd.img-" + GENERATIONS), SampleKernel.initrd(List.of("bin")));
        kernels.look(client);
        assertThat(boots()).as("what it booted before").contains(GENERATIONS);
        assertThat(told(Event.Level.WARNING)).singleElement().asString().contains("nfsmount");
    }

    @Test
    void whatItRemovesItDoesNotBoot() throws IOException {
        install(upper, NEWER);
        install(upper, NEWEST);
        kernels.look(client);
        for (String version : List.of(NEWEST, NEWER)) {
            Files.delete(upper.resolve("boot/vmlinuz-" + version));
            Files.delete(upper.resolve("usr/lib/modules/" + version + "/modules.dep"));
            assertThat(kernels.look(client)).isTrue();
            assertThat(boots()).isEqualTo(version.equals(NEWEST) ? Optional.of(NEWER) : Optional.empty());
        }
        assertThat(menu()).contains("LINUX nbroot/bookworm/1/vmlinuz");
    }

    @Test
    void aKernelOfAViewThatIsNoMoreIsForgotten() throws IOException {
        install(upper, NEWER);
        kernels.look(client);
        assertThat(boots()).contains(NEWER);
        client = record("2026-02-02T00:00:00Z");
        assertThat(boots()).isEmpty();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("no initrd", "initrd.img-6.1.0-10-amd64 is missing", boot -> delete(initrd(boot))),
                refusal("an initrd that is cut off", "is cut off", boot -> cut(initrd(boot), 700)),
                refusal(
                        "an initrd for a local disk",
                        "no nfs.ko",
                        boot -> write(
                                initrd(boot),
                                SampleKernel.initrd(SampleKernel.names(NEWEST).stream()
                                        .filter(name -> !name.contains("nfs.ko"))
                                        .toList()))),
                refusal(
                        "an initrd without our script",
                        "no scripts/nfs-bottom/nbroot-overlay",
                        boot -> write(
                                initrd(boot),
                                SampleKernel.initrd(SampleKernel.names(NEWEST).stream()
                                        .filter(name -> !name.contains("overlay"))
                                        .toList()))),
                refusal(
                        "an initrd of another kernel",
                        "is not for this kernel",
                        boot -> write(initrd(boot), SampleKernel.initrd(SampleKernel.names(NEWER)))),
                refusal("an empty initrd", "is cut off", boot -> write(initrd(boot), new byte[0])),
                refusal("zeros", "is cut off", boot -> write(initrd(boot), new byte[1 << 20])),
                refusal("no kernel", "is no kernel for a PC", boot -> write(vmlinuz(boot), new byte[4096])),
                refusal("half a kernel", "vmlinuz-6.1.0-10-amd64 is cut off", boot -> cut(vmlinuz(boot), 4200)),
                refusal(
                        "another kernel",
                        "is the kernel 6.1.0-9-amd64",
                        boot -> write(vmlinuz(boot), SampleKernel.vmlinuz(NEWER))),
                refusal("a kernel for 32 bits", "for 32 bits", boot -> {
                    byte[] small = SampleKernel.vmlinuz(NEWEST);
                    small[0x236] = 0;
                    write(vmlinuz(boot), small);
                }),
                refusal("too large a kernel", "more than 64 MiB", boot -> cut(vmlinuz(boot), (64 << 20) + 1)),
                refusal(
                        "no modules",
                        "/lib/modules/6.1.0-10-amd64/modules.dep is missing",
                        boot -> delete(boot.resolveSibling("usr/lib/modules/" + NEWEST + "/modules.dep"))));
    }

    /** Work on a machine's /boot. */
    private interface Damage extends Consumer<Path> {}

    private static Arguments refusal(String name, String why, Damage damage) {
        return Arguments.of(name, why, damage);
    }

    private static Path vmlinuz(Path boot) {
        return boot.resolve("vmlinuz-" + NEWEST);
    }

    private static Path initrd(Path boot) {
        return boot.resolve("initrd.img-" + NEWEST);
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void cut(Path file, long length) {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(length);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void whatWouldNotComeUpIsPassedOverAndSaidOnce(String name, String why, Damage damage) throws IOException {
        install(upper, NEWER);
        assertThat(kernels.look(client)).isTrue();
        install(upper, NEWEST);
        damage.accept(upper.resolve("boot"));

        assertThat(kernels.look(client)).isFalse();
        assertThat(kernels.look(client)).isFalse();

        assertThat(boots()).contains(NEWER);
        assertThat(told(Event.Level.WARNING))
                .singleElement()
                .asString()
                .contains("node1 (52:54:00:12:34:56) has the kernel " + NEWEST)
                .contains(why)
                .contains("; ");

        install(upper, NEWEST);
        assertThat(kernels.look(client)).as("when it is mended").isTrue();
        assertThat(boots()).contains(NEWEST);
    }

    /** Nothing to worry anybody with, as long as the machine does not boot. */
    @Test
    void whatDpkgIsInTheMiddleOfIsWaitedFor() throws IOException {
        install(upper, NEWEST);
        Path updates = Files.createDirectories(upper.resolve("var/lib/dpkg/updates"));
        dpkg("status", "installed");
        dpkg("updates/0009", "half-installed");
        dpkg("updates/0010", "unpacked");
        dpkg("updates/tmp.i", "installed");
        assertThat(kernels.look(client)).isFalse();
        assertThat(told(Event.Level.WARNING)).isEmpty();
        kernels.remind(client);
        kernels.remind(client);
        assertThat(told(Event.Level.WARNING)).singleElement().asString().contains("dpkg has not finished");

        dpkg("updates/0011", "installed");
        Files.write(upper.resolve("usr/lib/modules/" + NEWEST + "/modules.dep"), SampleKernel.modules());
        assertThat(kernels.look(client)).isTrue();
        assertThat(boots()).contains(NEWEST);
        assertThat(updates).isNotEmptyDirectory();

        install(upper, "6.1.0-11-amd64");
        Files.writeString(
                upper.resolve("var/lib/dpkg/status"),
                "Package: linux-image-6.1.0-11-amd64\nStatus: install ok half-configured\n");
        assertThat(kernels.look(client)).isFalse();
        assertThat(boots()).contains(NEWEST);
    }

    private void dpkg(String file, String state) throws IOException {
        Files.writeString(
                upper.resolve("var/lib/dpkg").resolve(file),
                "Package: linux-image-" + NEWEST + "\nStatus: install ok " + state + "\nPriority: optional\n");
    }

    @Test
    void whatItBootsIsKeptWhileItIsBeingMadeAnew() throws IOException {
        install(upper, NEWEST);
        kernels.look(client);
        ClientKernel before = sample.files().kernel(client).orElseThrow();
        delete(initrd(upper.resolve("boot")));
        assertThat(kernels.look(client)).isFalse();
        assertThat(sample.files().kernel(client)).contains(before);
        assertThat(menu()).contains(before.id());
    }

    @Test
    void noSymbolicLinkLeadsOutOfTheView() throws IOException {
        Path outside = Files.createDirectories(scratch.resolve("outside"));
        install(outside, NEWEST);
        // The kernel itself, its initrd, its modules, the whole of /boot: each in turn.
        for (String link : List.of(
                "boot/vmlinuz-" + NEWEST,
                "boot/initrd.img-" + NEWEST,
                "usr/lib/modules/" + NEWEST + "/modules.dep",
                "usr/lib/modules/" + NEWEST)) {
            install(upper, NEWEST);
            remove(upper.resolve(link));
            Files.createSymbolicLink(upper.resolve(link), outside.resolve(link));
            kernels.look(client);
            assertThat(boots()).as(link).isEmpty();
            Files.delete(upper.resolve(link));
        }
        remove(upper.resolve("boot"));
        Files.createSymbolicLink(upper.resolve("boot"), outside.resolve("boot"));
        kernels.look(client);
        assertThat(boots()).isEmpty();
    }

    private static void remove(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (Stream<Path> entries = Files.list(path)) {
                for (Path entry : entries.toList()) {
                    remove(entry);
                }
            }
        }
        Files.delete(path);
    }

    @Test
    void theStampTellsThatThereIsSomethingToLookAt() throws IOException {
        assertThat(kernels.stamp(client)).isEmpty();
        install(upper, NEWER);
        String first = kernels.stamp(client);
        assertThat(first).isNotEmpty().isEqualTo(kernels.stamp(client));
        Files.write(upper.resolve("boot/initrd.img-" + NEWER), new byte[1]);
        assertThat(kernels.stamp(client)).isNotEqualTo(first);
    }

    @Test
    void namesThatAreNoVersionsAreNobodys() throws IOException {
        Files.createDirectories(upper.resolve("boot"));
        for (String name : Arrays.asList(
                "vmlinuz",
                "vmlinuz-",
                "vmlinuz-..",
                "initrd.img-../../x",
                "vmlinuz-6.1 x",
                "vmlinuz-6.1\n",
                "vmlinuz-6.1.dpkg-new",
                "initrd.img-6.1.new",
                "initrd.img-6.1.bak",
                "vmlinuz-6.1~")) {
            if (!name.contains("/")) {
                Files.write(upper.resolve("boot").resolve(name), SampleKernel.vmlinuz("6.1"));
            }
        }
        assertThat(kernels.look(client)).isFalse();
        assertThat(told(Event.Level.WARNING)).isEmpty();
    }

    /** Nothing here is packed. */
    private static final class NoCommands implements Commands {
        @Override
        public Result run(Invocation invocation) {
            throw Failure.of(FailureKind.COMMAND, "not here", "");
        }

        @Override
        public Running start(Invocation invocation, Consumer<String> output) {
            throw Failure.of(FailureKind.COMMAND, "not here", "");
        }
    }

    private static final class NoNamespaces implements Namespaces {
        @Override
        public Namespace open() {
            throw Failure.of(FailureKind.COMMAND, "not here", "");
        }

        @Override
        public Namespace openWithNetwork() {
            throw Failure.of(FailureKind.COMMAND, "not here", "");
        }
    }

    /** As when the deletion of an old copy was killed, and the machine comes back to that kernel. */
    @Test
    void halfACopyIsMadeWholeAgain() throws IOException {
        install(upper, NEWER);
        assertThat(kernels.look(client)).isTrue();
        String id = sample.files().kernel(client).orElseThrow().id();
        Path copy = sample.directory().kernels(MAC).resolve(id);
        Files.delete(copy.resolve("initrd"));

        kernels.look(client);

        assertThat(copy.resolve("initrd")).exists();
        assertThat(menu()).contains("nbroot/kernels/" + id);
    }
}
