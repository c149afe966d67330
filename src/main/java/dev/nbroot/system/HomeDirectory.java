package dev.nbroot.system;

import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds out where somebody's home is. */
public final class HomeDirectory {
    private static final Path ACCOUNTS = Path.of("/etc/passwd");
    private static final int HOME = 5;

    private HomeDirectory() {}

    /** {@return the home of a local account, as passwd(5) has it} */
    public static Optional<Path> of(String user) {
        try {
            return of(user, Files.readAllLines(ACCOUNTS));
        } catch (IOException e) {
            throw Failure.io("read the accounts", ACCOUNTS, e);
        }
    }

    static Optional<Path> of(String user, List<String> accounts) {
        return accounts.stream()
                .map(line -> line.split(":"))
                .filter(fields -> fields.length > HOME && fields[0].equals(user) && !fields[HOME].isEmpty())
                .map(fields -> Path.of(fields[HOME]))
                .findFirst();
    }
}
