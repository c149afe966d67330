package dev.nbroot.serve;

import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.KeptDirectory;
import java.util.List;

/**
 * What is served as if it were in the state directory.
 *
 * @param clients instead of those that are there with these cards
 * @param kept beside those that are there
 */
public record Rehearsed(List<ClientRecord> clients, List<KeptDirectory> kept) {
    /** Only what is in the state directory. */
    public static final Rehearsed NOTHING = new Rehearsed(List.of(), List.of());
}
