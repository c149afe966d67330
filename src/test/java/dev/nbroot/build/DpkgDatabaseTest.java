package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.system.tree.EntryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DpkgDatabaseTest {
    @TempDir
    private Path tree;

    private static final String STATUS = """
            Package: libperl5.36
            Status: install ok installed
            Installed-Size: 29180
            Source: perl
            Version: 5.36.0-7+deb12u2
            Architecture: amd64
            Description: shared Perl library
             It is a library.
             .
             Really.

            Package: gone
            Status: deinstall ok config-files
            Version: 1
            Architecture: all

            Package: dash
            Status: hold ok installed
            Version: 0.5.12-2
            Architecture: amd64

            Package: g++
            Status: install ok installed
            Source: gcc-defaults (1.203)
            Version: 4:12.2.0-3
            Architecture: amd64
            Installed-Size: many

            Package: half
            Status: install reinstreq half-installed
            Version: 1
            Architecture: all
            """;

    @Test
    void whatIsInstalledIsRead() {
        List<DpkgPackage> packages = DpkgDatabase.parse(STATUS);
        assertThat(packages).extracting(DpkgPackage::name).containsExactly("dash", "g++", "libperl5.36");
        DpkgPackage perl = packages.get(2);
        assertThat(perl.version()).isEqualTo("5.36.0-7+deb12u2");
        assertThat(perl.sourceName()).isEqualTo("perl");
        assertThat(perl.sourceVersion()).isEqualTo("5.36.0-7+deb12u2");
        assertThat(perl.installedBytes()).contains(29180L * 1024);
        assertThat(perl.field("Description")).contains("shared Perl library\n It is a library.\n .\n Really.");
    }

    @Test
    void theSourceMayHaveANameAndVersionOfItsOwn() {
        List<DpkgPackage> packages = DpkgDatabase.parse(STATUS);
        assertThat(packages.get(0).sourceName()).isEqualTo("dash");
        assertThat(packages.get(1).sourceName()).isEqualTo("gcc-defaults");
        assertThat(packages.get(1).sourceVersion()).isEqualTo("1.203");
        assertThat(packages.get(1).installedBytes()).isEmpty();
    }

    @Test
    void aTreeWithoutDpkgHasNoPackagesAndNoOwners() {
        assertThat(DpkgDatabase.installed(tree)).isEmpty();
        assertThat(FileOwners.of(tree).of(EntryPath.of("/etc/motd"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/usr/bin/less, less",
        "/usr/bin/sh, dash",
        "/usr/lib/libc.so.6, libc6",
        "/etc,",
        "/etc/motd,",
        "/usr/lib/python3/os.py, python3",
        "/usr/lib/python3/__pycache__/os.cpython-311.pyc, python3",
        "/usr/lib/python3/__pycache__/mine.cpython-311.pyc,",
        "/usr/lib/modules/6.1.0-1-amd64/modules.dep, linux-image-6.1.0-1-amd64",
        "/usr/lib/modules/6.1.0-2-amd64/modules.dep,",
        "/var/lib/dpkg/info/libc6:amd64.postinst, libc6",
        "/var/lib/dpkg/info/libstdc++6.list, libstdc++6",
        "/var/lib/dpkg/status,",
    })
    void filesHaveOwners(String path, String owner) throws IOException {
        Files.createDirectories(tree.resolve("usr/bin"));
        Files.createDirectories(tree.resolve("usr/lib"));
        Files.createSymbolicLink(tree.resolve("bin"), Path.of("usr/bin"));
        Files.createSymbolicLink(tree.resolve("lib"), Path.of("usr/lib"));
        list("less", "/.", "/usr", "/usr/bin", "/usr/bin/less", "/etc");
        list("dash", "/.", "/bin", "/bin/sh", "/etc");
        list("libc6:amd64", "/lib/libc.so.6");
        list("python3", "/usr/lib/python3/os.py");
        list("linux-image-6.1.0-1-amd64", "/lib/modules/6.1.0-1-amd64/modules.builtin");
        assertThat(FileOwners.of(tree).of(EntryPath.of(path)).orElse(null)).isEqualTo(owner);
    }

    private void list(String name, String... paths) throws IOException {
        Path info = Files.createDirectories(tree.resolve("var/lib/dpkg/info"));
        Files.write(info.resolve(name + ".list"), List.of(paths));
    }
}
