package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.client.RealContents;
import dev.nbroot.report.Event;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.stage.BootImage;
import dev.nbroot.stage.ImageSource;
import dev.nbroot.stage.PxelinuxLoader;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.SampleState;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which images are made and staged, and what machines are told about them. */
class StageImagesTest {
    private static final String IMAGE = "nbroot/bookworm/1/root.squashfs";

    @TempDir
    private Path temporary;

    private final List<Event> events = new ArrayList<>();
    private final List<Generation> made = new ArrayList<>();
    private SampleState state;
    private Path tftp;
    private StageBootTree stage;

    /** Makes small files instead of images. */
    private final class Images implements ImageSource {
        @Override
        public BootImage get(Generation generation) {
            try {
                Path file = generation.kernel().resolveSibling("root.squashfs");
                if (!Files.exists(file)) {
                    Files.writeString(file, "image of " + generation.label());
                    made.add(generation);
                }
                return new BootImage(file, Sha256.of(file), Files.size(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public BootImage planned(Generation generation) {
            return new BootImage(generation.kernel().resolveSibling("root.squashfs"), BootImage.NOT_YET, 0);
        }
    }

    @BeforeEach
    void prepare() throws IOException {
        state = new SampleState(temporary.resolve("state"));
        tftp = temporary.resolve("tftp");
        stage = stage(new Images());
    }

    private StageBootTree stage(ImageSource images) throws IOException {
        Path program = Files.writeString(temporary.resolve("pxelinux.0"), "the program");
        Path library = Files.writeString(temporary.resolve("ldlinux.c32"), "the library");
        return new StageBootTree(
                state.directory(),
                new StageBootTree.Sources(
                        generation -> new PxelinuxLoader(program, library),
                        images,
                        RealContents.ground(),
                        OwnKernels.none()),
                events::add,
                Clock.systemUTC());
    }

    @Test
    void aClientGetsTheImageOfWhatIsCurrentAndItsIdentity() throws IOException {
        state.publish("bookworm");
        client();
        stage.run(request(false));

        assertThat(tftp.resolve(IMAGE)).hasContent("image of bookworm/1");
        assertThat(tftp.resolve("pxelinux.cfg/01-52-54-00-00-00-01"))
                .content()
                .contains(
                        " boot=nbroot ip=dhcp nbroot.image=http://10.0.0.1/" + IMAGE + " nbroot.image=tftp://10.0.0.1/"
                                + IMAGE + " nbroot.image.sha256=" + Sha256.of("image of bookworm/1")
                                + " nbroot.image.size=19 nbroot.overlay=tmpfs ",
                        " systemd.hostname=node1 systemd.machine_id=")
                .doesNotContain("nfs");
        assertThat(tftp.resolve("pxelinux.cfg/default"))
                .content()
                .contains("nfsroot=")
                .doesNotContain("nbroot.image");

        state.publish("bookworm");
        stage.run(request(false));
        assertThat(tftp.resolve("pxelinux.cfg/01-52-54-00-00-00-01"))
                .content()
                .contains("nbroot/bookworm/2/root.squashfs");
        assertThat(tftp.resolve("nbroot/bookworm/2/root.squashfs")).hasContent("image of bookworm/2");
        assertThat(tftp.resolve(IMAGE)).as("a machine may be fetching it").exists();
        assertThat(made).extracting(Generation::label).containsExactly("bookworm/1", "bookworm/2");
    }

    @Test
    void withoutSuchMachinesNoImageIsMade() throws IOException {
        state.publish("bookworm");
        stage.run(request(false));
        assertThat(made).isEmpty();
        assertThat(tftp.resolve(IMAGE)).doesNotExist();
    }

    @Test
    void theModeOfAProfileIsForMachinesThatNobodyKnows() throws IOException {
        state.publish("bookworm", new Manifest.Boot("toram", List.of("ttyS0"), List.of()));
        stage.run(request(false));
        assertThat(tftp.resolve("pxelinux.cfg/default")).content().contains("nbroot.image=http://10.0.0.1/" + IMAGE);
        assertThat(tftp.resolve(IMAGE)).exists();
    }

    @Test
    void aDryRunMakesNone() throws IOException {
        state.publish("bookworm");
        client();
        StageOutcome outcome = stage.run(request(true));
        assertThat(outcome.describe()).anyMatch(line -> line.contains("nbroot.image.sha256=known-when-it-is-staged"));
        assertThat(made).isEmpty();
    }

    @Test
    void aRootWithoutAnImageKeepsNobodyElseFromBooting() throws IOException {
        state.publish("bookworm");
        client();
        StageBootTree without = stage(new dev.nbroot.stage.NoImages());
        without.run(StageRequest.of(List.of(), tftp, "10.0.0.1", Optional.empty()));
        assertThat(tftp.resolve("pxelinux.cfg/default")).exists();
        assertThat(tftp.resolve("pxelinux.cfg/01-52-54-00-00-00-01")).doesNotExist();
        assertThat(events).anySatisfy(event -> assertThat(event.toString()).contains("no image was expected"));

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> without.run(StageRequest.of(List.of("bookworm"), tftp, "10.0.0.1", Optional.empty())))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.HOST));
    }

    @Test
    void thePortsThatWereAskedForAreRemembered() throws IOException {
        state.publish("bookworm", new Manifest.Boot("toram", List.of("ttyS0"), List.of()));
        for (OptionalInt port : List.of(OptionalInt.of(8080), OptionalInt.empty(), OptionalInt.of(80))) {
            stage.run(new StageRequest(List.of(), tftp, "10.0.0.1", Optional.empty(), 2049, port, false));
            assertThat(state.files().stageSettings().orElseThrow().httpPort()).isEqualTo(port);
        }
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> stage.run(new StageRequest(
                        List.of(), tftp, "10.0.0.1", Optional.empty(), 2049, OptionalInt.of(70_000), false)))
                .withMessageContaining("70000");
    }

    private StageRequest request(boolean dryRun) {
        return new StageRequest(List.of(), tftp, "10.0.0.1", Optional.empty(), 2049, OptionalInt.of(80), dryRun);
    }

    private void client() throws IOException {
        MacAddress mac = MacAddress.parse("52:54:00:00:00:01");
        Path directory = Files.createDirectories(state.directory().client(mac));
        state.files()
                .write(
                        directory,
                        new ClientRecord(
                                mac,
                                "bookworm",
                                1,
                                "node1",
                                "0123456789abcdef0123456789abcdef",
                                ClientMode.TORAM,
                                Optional.empty(),
                                OptionalInt.empty(),
                                "2026-01-01T00:00:00Z"));
    }
}
