package dev.nbroot.stage;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** PXELINUX from the host's Debian packages pxelinux and syslinux-common. */
public final class PxelinuxOnHost {
    static final Path PROGRAM = Path.of("usr/lib/PXELINUX/pxelinux.0");
    static final Path LIBRARY = Path.of("usr/lib/syslinux/modules/bios/ldlinux.c32");

    private final Path top;
    private final Commands commands;

    /**
     * Looks below a directory.
     *
     * @param top the top of the file system, {@code /} outside of tests
     */
    public PxelinuxOnHost(Path top, Commands commands) {
        this.top = top;
        this.commands = commands;
    }

    /** {@return the loader, if both packages are there and of one version} */
    public Optional<PxelinuxLoader> find() {
        Optional<PxelinuxLoader> loader = below(top);
        return loader.isPresent() && sameVersion() ? loader : Optional.empty();
    }

    /** {@return the loader below the top of an unpacked file system} */
    static Optional<PxelinuxLoader> below(Path top) {
        Path program = top.resolve(PROGRAM);
        Path library = top.resolve(LIBRARY);
        return Files.isReadable(program) && Files.isReadable(library)
                ? Optional.of(new PxelinuxLoader(program, library))
                : Optional.empty();
    }

    /** The files do not tell: ldlinux.c32 carries no version of its own. */
    private boolean sameVersion() {
        try {
            List<String> versions = commands.run(Invocation.of(
                                    "dpkg-query",
                                    "--show",
                                    "--showformat",
                                    "${Version}\\n",
                                    "pxelinux",
                                    "syslinux-common")
                            .accepting(0, 1))
                    .lines();
            return versions.size() == 2 && versions.get(0).equals(versions.get(1));
        } catch (Failure notStarted) {
            if (notStarted.kind() == FailureKind.COMMAND) {
                // No dpkg: then the files were put there by something else, and nothing vouches for them.
                return false;
            }
            throw notStarted;
        }
    }
}
