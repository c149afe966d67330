package dev.nbroot.nfs.rpc;

/** A piece of what a connection has to send. */
interface Outgoing {
    /** {@return how many bytes of it are to be sent still} */
    int unsent();
}
