package dev.nbroot.build;

import java.util.List;
import java.util.Map;

/** What a build finds out on its way, for the steps that follow. */
final class Findings {
    private static final long UNKNOWN = -1;

    private List<FoundArchive> archives = List.of();
    private Selection selection = new Selection(List.of(), List.of(), List.of(), List.of(), Map.of());
    private final boolean fresh;
    private long epoch = UNKNOWN;
    private LayerStore.Layer packages;

    /**
     * Nothing is known yet.
     *
     * @param fresh whether cached layers are left alone
     */
    Findings(boolean fresh) {
        this.fresh = fresh;
    }

    /** {@return whether cached layers are left alone} */
    boolean fresh() {
        return fresh;
    }

    /** {@return the layer that the root was copied from} */
    LayerStore.Layer packages() {
        return packages;
    }

    void buildOn(LayerStore.Layer layer) {
        packages = layer;
    }

    /** {@return the distribution's suites that the mirror has} */
    List<FoundArchive> archives() {
        return archives;
    }

    void found(List<FoundArchive> there) {
        archives = List.copyOf(there);
    }

    /** {@return which package files make the root} */
    Selection selection() {
        return selection;
    }

    void choose(Selection chosen) {
        selection = chosen;
        archives = chosen.archives();
    }

    /** {@return the SOURCE_DATE_EPOCH, in seconds since 1970; -1 while it is not known} */
    long epoch() {
        return epoch;
    }

    void date(long seconds) {
        epoch = seconds;
    }
}
