package dev.nbroot.nfs.rpc;

/** Where calls come from and replies go to. */
interface Endpoint {
    boolean canDefer();

    Deferral defer(int xid);

    /** {@return what lets the call that is handled now come again; from any thread} */
    default Runnable park() {
        throw new IllegalStateException("a call that cannot be deferred has one turn only");
    }

    /** {@return what the call that is handled now left behind in its last turn, or null} */
    default Object progress() {
        return null;
    }

    /** Keeps something until the call's next turn. */
    default void progress(Object what) {
        throw new IllegalStateException("a call that cannot be deferred has one turn only");
    }
}
