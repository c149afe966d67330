package dev.nbroot.command;

import java.util.List;
import java.util.Optional;

/**
 * What {@code nbroot enter} is asked for.
 *
 * @param root the root; absent when a machine's view is meant
 * @param mac the machine; absent when a root is meant
 * @param argv the command; empty means a shell
 * @param talking whether the command's output goes to standard error
 */
public record EnterRequest(Optional<String> root, Optional<String> mac, List<String> argv, boolean talking) {
    /** Copies the list. */
    public EnterRequest {
        argv = List.copyOf(argv);
    }
}
