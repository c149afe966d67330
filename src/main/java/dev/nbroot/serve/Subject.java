package dev.nbroot.serve;

import dev.nbroot.system.MacAddress;
import java.nio.file.Path;

/** What an export rule is about. */
public sealed interface Subject {
    /** All generations of all roots. */
    record AllRoots() implements Subject {
        /** How it is written. */
        static final String WORD = "roots";

        @Override
        public String toString() {
            return WORD;
        }
    }

    /** All generations of one root. */
    record Root(String name) implements Subject {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A persistent client's view. */
    record View(MacAddress mac) implements Subject {
        @Override
        public String toString() {
            return mac.colons();
        }
    }

    /** A directory outside the state directory; absolute. */
    record Directory(Path path) implements Subject {
        @Override
        public String toString() {
            return path.toString();
        }
    }
}
