package dev.nbroot.command;

import java.util.Optional;

/**
 * How work on a root or a machine's view ended well.
 *
 * @param made the new generation; absent when nothing differs, and after work in a machine's view
 * @param mac the machine whose view it was, with colons
 * @param text what to tell people
 */
public record UpkeepOutcome(Optional<DerivedOutcome> made, Optional<String> mac, String text) {}
