package dev.nbroot.serve;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The secret that seals NFS file handles. It is kept in a file, so that the handles that running machines hold stay good
 * when the server is restarted.
 *
 * @param file made at first use, readable by root only
 */
record HandleSecret(Path file) {
    private static final int BYTES = 16;

    byte[] get() {
        try {
            if (!Files.exists(file)) {
                byte[] fresh = new byte[BYTES];
                new SecureRandom().nextBytes(fresh);
                AtomicFile.write(file, fresh, "rw-------");
            }
            byte[] secret = Files.readAllBytes(file);
            if (secret.length != BYTES) {
                throw Failure.of(
                        FailureKind.FAILED,
                        file + " is damaged: it has " + secret.length + " bytes instead of " + BYTES,
                        "delete it and restart the machines that are on");
            }
            return secret;
        } catch (IOException e) {
            throw Failure.io("read the key of NFS file handles", file, e);
        }
    }
}
