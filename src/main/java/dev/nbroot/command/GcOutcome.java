package dev.nbroot.command;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@code gc} did, or would do.
 *
 * @param dropped the generations that are gone
 * @param kept those that stay, with the reasons
 * @param skipped roots that were not looked at
 * @param cache what was deleted from the cache
 * @param bytes all that was freed, as far as nothing else shares it
 */
public record GcOutcome(
        boolean dryRun, List<Dropped> dropped, List<Kept> kept, List<Skipped> skipped, Cache cache, long bytes) {
    /** A generation that is gone. */
    public record Dropped(String name, int generation, Path path, long bytes) {}

    /** A generation that stays. */
    public record Kept(String name, int generation, List<String> why) {}

    /** A root that another nbroot is working on, or that is damaged. */
    public record Skipped(String name, String why) {}

    /**
     * What went from the cache.
     *
     * @param packages package files, fetched and decompressed ones
     * @param layers parts of roots
     * @param bytes their size
     */
    public record Cache(int packages, int layers, long bytes) {}

    /** Copies the lists. */
    public GcOutcome {
        dropped = List.copyOf(dropped);
        kept = List.copyOf(kept);
        skipped = List.copyOf(skipped);
    }
}
