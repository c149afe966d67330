package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.build.OwnKernelCheck;
import dev.nbroot.build.SampleKernel;
import dev.nbroot.client.LayeredView;
import dev.nbroot.client.ViewFile;
import dev.nbroot.client.ViewKernels;
import dev.nbroot.it.BuiltRoots;
import dev.nbroot.it.HostSnapshot;
import dev.nbroot.it.Needs;
import dev.nbroot.release.BootContract;
import dev.nbroot.report.Events;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of InstalledKernelsTest takes a real overlay, and a real kernel with its packed initrd. */
class InstalledKernelsIT {
    @TempDir
    private Path scratch;

    @BeforeEach
    void needs() {
        Needs.root();
    }

    /** Whiteouts and opaque directories are the kernel's own. */
    @Test
    void theLayersShowWhatTheOverlayShows() throws Exception {
        try (ClientUpkeep upkeep = new ClientUpkeep()) {
            Path tree = upkeep.state.publish("bookworm").tree();
            for (String version : List.of("6.1.0-1-amd64", "6.1.0-2-amd64")) {
                Files.createDirectories(tree.resolve("boot"));
                Files.write(tree.resolve("boot/vmlinuz-" + version), SampleKernel.vmlinuz(version));
                Path modules = Files.createDirectories(tree.resolve("usr/lib/modules/" + version));
                Files.write(modules.resolve("modules.dep"), SampleKernel.modules());
            }
            ClientRecord client = upkeep.cloned();
            upkeep.write(view -> {
                Files.delete(view.resolve("boot/vmlinuz-6.1.0-1-amd64"));
                Path modules = view.resolve("usr/lib/modules/6.1.0-1-amd64");
                Files.delete(modules.resolve("modules.dep"));
                Files.delete(modules);
                Files.createDirectory(modules);
                Files.createSymbolicLink(view.resolve("boot/initrd.img-6.1.0-2-amd64"), Path.of("/etc/shadow"));
            });
            try (LayeredView view = LayeredView.open(new LinuxPosixFiles(), upkeep.state.directory(), client)) {
                ViewKernels kernels = new ViewKernels(view);
                assertThat(kernels.own()).containsExactly("6.1.0-2-amd64", "6.1.0-1-amd64");
                assertThat(kernels.vmlinuz("6.1.0-1-amd64")).isEmpty();
                assertThat(kernels.hasModules("6.1.0-1-amd64"))
                        .as("in an opaque directory")
                        .isFalse();
                assertThat(kernels.hasModules("6.1.0-2-amd64")).isTrue();
                assertThat(kernels.initrd("6.1.0-2-amd64")).isEmpty();
                try (ViewFile lower = kernels.vmlinuz("6.1.0-2-amd64").orElseThrow()) {
                    assertThat(Files.readAllBytes(lower.path())).isEqualTo(SampleKernel.vmlinuz("6.1.0-2-amd64"));
                }
            }
        }
    }

    @Test
    void aRealInitrdIsGoodAsLongAsItIsWhole() throws Exception {
        HostSnapshot before = HostSnapshot.take();
        BuiltRoots roots = BuiltRoots.with("bookworm");
        StateDirectory state = new StateDirectory(roots.program().state());
        Generation generation = new Generations(state).require("bookworm");
        Manifest manifest = new StateFiles(state).manifest(generation);

        assertThat(why(generation, manifest, generation.initrd())).isEmpty();

        Path initrd = Files.copy(generation.initrd(), scratch.resolve("initrd"));
        long size = Files.size(initrd);
        for (long length : List.of(size - 1, size - 4096, size / 2, 10L)) {
            try (RandomAccessFile file = new RandomAccessFile(initrd.toFile(), "rw")) {
                file.setLength(length);
            }
            assertThat(why(generation, manifest, initrd)).as("%s bytes", length).contains("cut off");
        }
        Files.write(initrd, Files.readAllBytes(generation.initrd()));
        try (RandomAccessFile file = new RandomAccessFile(initrd.toFile(), "rw")) {
            file.seek(size / 2);
            file.write(new byte[64 * 1024]);
        }
        assertThat(why(generation, manifest, initrd)).as("zeros in the middle").contains("cut off");
        before.assertNothingLeft();
    }

    private static String why(Generation generation, Manifest manifest, Path initrd) throws IOException {
        OwnKernelCheck check = new OwnKernelCheck(new LinuxNamespaces(), new LinuxCommands(Events.none()));
        Path modules = generation.tree().resolve("usr/lib/modules").resolve(manifest.kernel());
        Optional<OwnKernelCheck.Objection> objection = check.objection(
                new OwnKernelCheck.Kernel(
                        manifest.kernel(),
                        generation.kernel(),
                        initrd,
                        Files.readAllLines(modules.resolve("modules.dep")),
                        Files.readAllLines(modules.resolve("modules.builtin"))),
                generation,
                manifest,
                new BootContract().find(manifest.suite()).orElseThrow());
        return objection.map(OwnKernelCheck.Objection::why).orElse("");
    }
}
