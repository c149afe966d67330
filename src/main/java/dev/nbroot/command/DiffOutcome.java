package dev.nbroot.command;

import java.util.List;
import java.util.Optional;

/**
 * In what two generations of a root differ, or a client's view from its generation.
 *
 * @param name the root
 * @param from the number of the one that is compared
 * @param to the number of the one that it is compared with; absent for a client
 * @param client the machine whose view it is compared with; absent for two generations
 * @param packages which packages differ
 * @param files every name that differs, sorted by path
 * @param totals the sums
 */
public record DiffOutcome(
        String name,
        int from,
        Optional<Integer> to,
        Optional<Client> client,
        Packages packages,
        List<FileChange> files,
        Totals totals) {

    /**
     * A machine.
     *
     * @param mac with colons
     * @param hostname its name
     */
    public record Client(String mac, String hostname) {}

    /**
     * Packages that differ, each list by name.
     *
     * @param added only in the new generation
     * @param removed only in the old one
     * @param upgraded of a higher version in the new one
     * @param downgraded of a lower version in the new one
     */
    public record Packages(
            List<PackageChange> added,
            List<PackageChange> removed,
            List<PackageChange> upgraded,
            List<PackageChange> downgraded) {
        /** Copies the lists. */
        public Packages {
            added = List.copyOf(added);
            removed = List.copyOf(removed);
            upgraded = List.copyOf(upgraded);
            downgraded = List.copyOf(downgraded);
        }
    }

    /**
     * A package that differs.
     *
     * @param from its version in the old generation
     * @param to its version in the new one
     * @param bytesFrom the installed size that the old version tells, where it does
     * @param bytesTo the installed size that the new version tells, where it does
     */
    public record PackageChange(
            String name,
            String architecture,
            Optional<String> from,
            Optional<String> to,
            Optional<Long> bytesFrom,
            Optional<Long> bytesTo) {
        /** {@return by how many bytes what is installed grows, as far as it is known} */
        public long growth() {
            return bytesTo.orElse(0L) - bytesFrom.orElse(0L);
        }
    }

    /**
     * A name that differs.
     *
     * @param path absolute in the root
     * @param change {@code added}, {@code removed} or {@code changed}
     * @param what what changed about a name that stayed: {@code type}, {@code content}, {@code mode}, {@code owner},
     *     {@code target}, {@code device}, {@code xattr}
     * @param ofPackage the package that it belongs to, if it belongs to one
     * @param from how it was
     * @param to how it is
     */
    public record FileChange(
            String path,
            String change,
            List<String> what,
            Optional<String> ofPackage,
            Optional<State> from,
            Optional<State> to) {
        /** Copies the list. */
        public FileChange {
            what = List.copyOf(what);
        }

        /** {@return how many bytes more there are} */
        public long growth() {
            return to.map(State::size).orElse(0L) - from.map(State::size).orElse(0L);
        }
    }

    /**
     * How a name is.
     *
     * @param type {@code file}, {@code dir}, {@code link}, {@code char}, {@code block}, {@code fifo}, {@code socket}
     * @param mode four octal digits
     * @param size bytes of a file, else 0
     * @param target of a symbolic link
     */
    public record State(String type, String mode, long uid, long gid, long size, Optional<String> target) {}

    /**
     * The sums.
     *
     * @param added how many names
     * @param removed how many names
     * @param changed how many names
     * @param bytes by how many bytes the files grow
     * @param installedBytes by how many bytes the packages grow, by what they tell
     */
    public record Totals(int added, int removed, int changed, long bytes, long installedBytes) {}

    /** Copies the list. */
    public DiffOutcome {
        files = List.copyOf(files);
    }
}
