package dev.nbroot.system;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What this machine offers.
 *
 * @param superuser whether this process is root
 * @param programDirectories where programs are looked for, in order
 */
public record Host(boolean superuser, List<Path> programDirectories) {
    /** Copies the list. */
    public Host {
        programDirectories = List.copyOf(programDirectories);
    }

    /** {@return the machine this process runs on} */
    public static Host here() {
        return new Host(
                "root".equals(System.getProperty("user.name")),
                List.of(
                        Path.of("/usr/local/sbin"),
                        Path.of("/usr/local/bin"),
                        Path.of("/usr/sbin"),
                        Path.of("/usr/bin"),
                        Path.of("/sbin"),
                        Path.of("/bin")));
    }

    /**
     * Checks that this process is root.
     *
     * @param why what root is needed for, as in "mount file systems"
     * @throws Failure of kind {@code HOST}
     */
    public void requireRoot(String why) {
        if (!superuser) {
            throw Failure.of(FailureKind.HOST, "only root can " + why, "run it with sudo");
        }
    }

    /** {@return where a program is, if it is installed} */
    public Optional<Path> program(String name) {
        return programDirectories.stream()
                .map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Checks that a program is installed.
     *
     * @param why what it is needed for, as in "to boot a virtual machine"
     * @param debianPackage the package that has it
     * @throws Failure of kind {@code HOST}
     */
    public void requireProgram(String name, String why, String debianPackage) {
        if (program(name).isEmpty()) {
            throw Failure.of(
                    FailureKind.HOST,
                    "the program " + name + " is not installed; it is needed " + why,
                    "apt-get install " + debianPackage);
        }
    }
}
