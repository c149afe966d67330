package dev.nbroot.nfs.rpc;

/** Where calls come from and replies go to. */
interface Endpoint {
    boolean canDefer();

    Deferral defer(int xid);
}
