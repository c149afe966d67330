package dev.nbroot.profile;

import java.util.Optional;

/**
 * Where memory goes that is not used for a while. A diskless machine has no disk for it, and swapping over NFS would need
 * memory to free memory; zram compresses it instead.
 *
 * <pre>{@code
 * swap: {zram: 50%}      # of the machine's memory; or a size, as in 2G or 512M
 * }</pre>
 *
 * @param zram how large the compressed device looks, at most 200% or 999999G; absent means none
 */
public record Swap(Optional<Size> zram) {}
