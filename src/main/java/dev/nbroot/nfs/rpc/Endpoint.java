package dev.nbroot.nfs.rpc;

/** Where calls come from and replies go to. */
interface Endpoint {
    boolean canDefer();

    Deferral defer(int xid);

    boolean canPark();

    /** {@return what lets the call that is handled now come again; from any thread} */
    Runnable park();

    /** {@return what the call that is handled now left behind in its last turn, or null} */
    Object progress();

    /** Keeps something until the call's next turn. */
    void progress(Object what);
}
