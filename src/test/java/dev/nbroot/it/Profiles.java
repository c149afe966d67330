package dev.nbroot.it;

import dev.nbroot.profile.Apt;
import dev.nbroot.profile.Boot;
import dev.nbroot.profile.Bootstrap;
import dev.nbroot.profile.FileContent;
import dev.nbroot.profile.Hooks;
import dev.nbroot.profile.Initramfs;
import dev.nbroot.profile.Kernel;
import dev.nbroot.profile.PasswordHash;
import dev.nbroot.profile.Profile;
import dev.nbroot.profile.Provenance;
import dev.nbroot.profile.RootAccount;
import dev.nbroot.profile.Services;
import dev.nbroot.profile.SshKey;
import dev.nbroot.profile.User;
import dev.nbroot.profile.WriteFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Profiles made by hand, for tests that are not about reading them. */
public final class Profiles {
    /** An ed25519 public key that nobody has the private half of. */
    public static final SshKey KEY = new SshKey(
            "", "ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAIEbNqYfvMqYgZQhBZ0VX0b2v5P1uQ4Q0y3mJp3m5m1aX", "ada@example");

    private Profiles() {}

    /** {@return a small profile of a suite with one user} */
    public static Profile small(String suite) {
        return new Profile(
                suite,
                new Bootstrap(
                        suite,
                        "amd64",
                        Bootstrap.Variant.MINBASE,
                        Optional.empty(),
                        List.of("main"),
                        Optional.empty(),
                        Optional.empty()),
                new Apt(false, Optional.empty(), List.of(), List.of()),
                List.of("less"),
                new Kernel.Auto(),
                "node",
                "C.UTF-8",
                "Europe/Berlin",
                Optional.empty(),
                List.of(new User(
                        "ada",
                        "Ada Lovelace",
                        Optional.empty(),
                        Optional.empty(),
                        List.of("sudo", "lab"),
                        Path.of("/bin/bash"),
                        Path.of("/home/ada"),
                        true,
                        false,
                        List.of("ALL=(ALL) NOPASSWD:ALL"),
                        Optional.of(new PasswordHash("$6$saltsalt$" + "a".repeat(86))),
                        List.of(KEY))),
                new RootAccount(Optional.empty(), false, List.of()),
                false,
                List.of(new WriteFile(
                        Path.of("/etc/motd"),
                        new FileContent("hello\n".getBytes(StandardCharsets.UTF_8)),
                        0644,
                        "root",
                        "root",
                        false)),
                List.of(),
                new Services(List.of(), List.of(), List.of()),
                new Hooks(List.of(), List.of(), List.of(), List.of()),
                new Initramfs(Initramfs.Generator.AUTO, Initramfs.Modules.NETBOOT, Initramfs.Compress.ZSTD, List.of()),
                new Boot(
                        Boot.Mode.STATELESS,
                        List.of(new Boot.Console("tty0", ""), new Boot.Console("ttyS0", "115200")),
                        List.of("quiet")),
                new Provenance(Path.of(suite + ".yaml"), List.of(), Map.of()));
    }
}
