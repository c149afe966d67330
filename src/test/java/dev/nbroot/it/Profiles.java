package dev.nbroot.it;

import dev.nbroot.profile.Profile;
import dev.nbroot.profile.ProfileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Profiles for tests that are not about reading them. */
public final class Profiles {
    /** A well-formed public key. */
    public static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ada@example";

    private Profiles() {}

    /**
     * {@return a profile read by the real reader}
     *
     * @param directory where its file goes
     * @param yaml all of it
     */
    public static Profile read(Path directory, String yaml) {
        Path file = directory.resolve("profile.yaml");
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ProfileReader(directory).read(file, List.of());
    }

    /**
     * {@return a profile with one user, whose key opens the machine}
     *
     * @param more further YAML, without the keys name, bootstrap and users
     */
    public static Profile with(Path directory, String suite, String more) {
        return read(directory, text(suite) + more);
    }

    /** {@return the beginning of a profile: name, suite, and the user ada} */
    public static String text(String suite) {
        return """
                name: %s
                bootstrap: {suite: %s}
                users:
                  - name: ada
                    gecos: Ada Lovelace
                    groups: [sudo, lab]
                    sudo: "ALL=(ALL) NOPASSWD:ALL"
                    passwd: "$6$saltsaltsalt$%s"
                    ssh_authorized_keys: ["%s"]
                """.formatted(suite, suite, "a".repeat(86), KEY);
    }
}
