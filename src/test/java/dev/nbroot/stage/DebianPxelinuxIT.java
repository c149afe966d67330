package dev.nbroot.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.it.Needs;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Generation;
import dev.nbroot.state.SampleState;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Sha256;
import dev.nbroot.system.linux.LinuxCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** apt, gpg and dpkg-deb for real, against a signed archive that the test makes in a directory. */
class DebianPxelinuxIT {
    private static final List<String> TOOLS =
            List.of("/usr/bin/apt-get", "/usr/bin/dpkg-deb", "/usr/bin/gpg", "/usr/bin/sha256sum");

    @TempDir
    private Path temporary;

    private final Commands commands = new LinuxCommands(Events.none());
    private Path archive;
    private StagedGeneration staged;
    private DebianPxelinux pxelinux;
    private Path cache;

    @BeforeEach
    void prepare() throws IOException {
        for (String tool : TOOLS) {
            Needs.file(Path.of(tool), "that makes and reads archives");
        }
        SampleState state = new SampleState(temporary.resolve("state"));
        Generation generation = state.publish("bookworm");
        staged = StagedGeneration.of(generation, state.files().manifest(generation));
        archive = Files.createDirectory(temporary.resolve("archive"));
        cache = temporary.resolve("cache");
        Path bareHost = Files.createDirectory(temporary.resolve("host"));
        pxelinux = new DebianPxelinux(new PxelinuxOnHost(bareHost, commands), cache, commands, Events.none());
        Path etc = Files.createDirectories(generation.tree().resolve("etc/apt/keyrings"))
                .getParent();
        Files.createDirectories(etc.resolve("sources.list.d"));
        Files.createDirectories(etc.resolve("trusted.gpg.d"));
        Files.writeString(
                etc.resolve("sources.list.d/archive.sources"),
                "Types: deb\nURIs: file:" + archive + "\nSuites: ./\nSigned-By: /etc/apt/keyrings/archive.gpg\n");
        makeArchive("6.04-1", "6.04-1");
    }

    @Test
    void takesBothFilesFromTheSuiteOnceAndKeepsThem() throws IOException {
        PxelinuxLoader loader = pxelinux.loader(staged);

        assertThat(loader.program()).hasContent("program 6.04-1").startsWith(cache);
        assertThat(loader.library()).hasContent("library 6.04-1");
        try (Stream<Path> entries = Files.list(cache)) {
            assertThat(entries).containsExactly(cache.resolve("pxelinux-bookworm"));
        }
        Files.delete(archive.resolve("InRelease"));
        assertThat(pxelinux.loader(staged)).isEqualTo(loader);
    }

    @Test
    void aPackageThatWasTamperedWithIsRefused() throws IOException {
        Path deb = archive.resolve("pxelinux_6.04-1_all.deb");
        byte[] bytes = Files.readAllBytes(deb);
        bytes[bytes.length - 10] ^= 1;
        Files.write(deb, bytes);
        assertRefused();
    }

    @Test
    void anArchiveSignedBySomebodyElseIsRefused() throws IOException {
        sign(temporary.resolve("other-key"), temporary.resolve("other.gpg"));
        assertRefused();
    }

    @Test
    void anUnsignedArchiveIsRefused() throws IOException {
        Files.delete(archive.resolve("InRelease"));
        assertRefused();
    }

    @Test
    void filesOfDifferentVersionsAreRefused() throws IOException {
        makeArchive("6.04-1", "6.04-2");
        assertRefused();
    }

    private void assertRefused() throws IOException {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> pxelinux.loader(staged))
                .withMessageContaining("PXELINUX is not installed, and cannot be taken from the package sources of")
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.HOST);
                    assertThat(failure.hint()).contains("apt-get install pxelinux syslinux-common");
                });
        try (Stream<Path> entries = Files.list(cache)) {
            assertThat(entries).isEmpty();
        }
    }

    private void makeArchive(String programVersion, String libraryVersion) throws IOException {
        try (Stream<Path> old = Files.list(archive)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        String index = makePackage("pxelinux", programVersion, PxelinuxOnHost.PROGRAM, "program " + programVersion)
                + makePackage("syslinux-common", libraryVersion, PxelinuxOnHost.LIBRARY, "library " + libraryVersion);
        Path packages = Files.writeString(archive.resolve("Packages"), index);
        Files.writeString(
                archive.resolve("Release"),
                "Suite: test\nDate: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n " + Sha256.of(packages) + " "
                        + Files.size(packages) + " Packages\n");
        sign(temporary.resolve("key"), staged.generation().tree().resolve("etc/apt/keyrings/archive.gpg"));
    }

    private String makePackage(String name, String version, Path file, String content) throws IOException {
        Path top = Files.createDirectories(temporary.resolve("build-" + name + version));
        Files.createDirectories(top.resolve(file).getParent());
        Files.writeString(top.resolve(file), content);
        String control = "Package: " + name + "\nVersion: " + version
                + "\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\nDescription: test\n";
        Files.createDirectories(top.resolve("DEBIAN"));
        Files.writeString(top.resolve("DEBIAN/control"), control);
        Path deb = archive.resolve(name + "_" + version + "_all.deb");
        commands.run(Invocation.of("dpkg-deb", "--build", "--root-owner-group", top.toString(), deb.toString()));
        return control + "Filename: ./" + deb.getFileName() + "\nSize: " + Files.size(deb) + "\nSHA256: "
                + Sha256.of(deb) + "\n\n";
    }

    private void sign(Path home, Path exported) throws IOException {
        if (!Files.exists(home)) {
            Files.createDirectory(home);
            Files.setPosixFilePermissions(home, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
            gpg(home, "--passphrase", "", "--quick-generate-key", "archive@example.org", "ed25519", "sign", "never");
        }
        gpg(home, "--yes", "--output", exported.toString(), "--export");
        gpg(
                home,
                "--yes",
                "--clearsign",
                "--output",
                archive.resolve("InRelease").toString(),
                archive.resolve("Release").toString());
        commands.run(Invocation.of("gpgconf", "--homedir", home.toString(), "--kill", "gpg-agent"));
    }

    private void gpg(Path home, String... words) {
        List<String> argv = new java.util.ArrayList<>(
                List.of("gpg", "--homedir", home.toString(), "--batch", "--quiet", "--pinentry-mode", "loopback"));
        argv.addAll(List.of(words));
        commands.run(Invocation.of(argv));
    }
}
