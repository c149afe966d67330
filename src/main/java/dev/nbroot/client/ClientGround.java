package dev.nbroot.client;

import dev.nbroot.system.Commands;
import dev.nbroot.system.Overlays;
import dev.nbroot.system.PathExchange;

/**
 * What trees of machines are made with.
 *
 * @param overlays opens views
 * @param commands makes keys and copies
 * @param paths lets directories change places
 */
public record ClientGround(Overlays overlays, Commands commands, PathExchange paths) {
    /** {@return what fills kept directories} */
    public KeptContents kept() {
        return new KeptContents(commands, paths);
    }
}
