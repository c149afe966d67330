package dev.nbroot.build;

import java.util.List;

/** Where it is decided which package files make a root. */
public sealed interface PackageSource {
    /** {@return what to tell of it in a dry run} */
    List<String> details();

    /** {@return what decides the result beside the profile} */
    String inputs();

    /** {@return whether package files may be fetched} */
    boolean mayFetch();

    /** The archives as they are now. */
    record Archives() implements PackageSource {
        @Override
        public List<String> details() {
            return List.of();
        }

        @Override
        public String inputs() {
            return "";
        }

        @Override
        public boolean mayFetch() {
            return true;
        }
    }

    /** What was chosen the last time; no network is touched. */
    record Offline() implements PackageSource {
        @Override
        public List<String> details() {
            return List.of("offline: as chosen the last time");
        }

        @Override
        public String inputs() {
            return "";
        }

        @Override
        public boolean mayFetch() {
            return false;
        }
    }

    /**
     * A lock file.
     *
     * @param lock what it says
     * @param mayFetch whether package files that are not in the cache are fetched
     */
    record Locked(LockFile lock, boolean mayFetch) implements PackageSource {
        @Override
        public List<String> details() {
            return List.of("locked: " + lock.packages() + " packages");
        }

        @Override
        public String inputs() {
            return "locked " + lock.checksum();
        }
    }
}
