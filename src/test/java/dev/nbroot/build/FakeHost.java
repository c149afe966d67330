package dev.nbroot.build;

import dev.nbroot.system.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A machine made of files: a Debian 12 that has everything a build needs. */
public record FakeHost(Path top) {
    /** {@return such a machine, below an empty directory} */
    public static FakeHost in(Path top) {
        FakeHost fake = new FakeHost(top);
        fake.file("proc/self/status", "Name:\tjava\nUid:\t0\t0\t0\t0\n");
        fake.file("proc/meminfo", "MemTotal: 8000000 kB\nMemAvailable:    6000000 kB\n");
        fake.file("etc/os-release", "ID=debian\nVERSION_CODENAME=bookworm\nPRETTY_NAME=\"Debian\"\n");
        for (String tool :
                List.of("unshare", "nsenter", "setsid", "setpriv", "chroot", "gpgv", "wget", "apt-get", "tar")) {
            fake.tool("usr/bin/" + tool, "");
        }
        fake.tool("usr/sbin/debootstrap", "#!/bin/sh\nDEF_MIRROR=\"http://default.example.org/debian/\"\n");
        for (String suite : List.of("bookworm", "trixie", "sid")) {
            fake.file("usr/share/debootstrap/scripts/" + suite, "");
        }
        fake.file("usr/share/keyrings/debian-archive-keyring.gpg", "keys");
        return fake;
    }

    /** {@return it as the builder sees it} */
    public Host host() {
        return new Host(top);
    }

    FakeHost file(String path, String text) {
        try {
            Files.createDirectories(top.resolve(path).getParent());
            Files.writeString(top.resolve(path), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeHost tool(String path, String text) {
        file(path, text);
        try {
            Files.setPosixFilePermissions(top.resolve(path), PosixFilePermissions.fromString("rwxr-xr-x"));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeHost without(String path) {
        try {
            Files.delete(top.resolve(path));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
