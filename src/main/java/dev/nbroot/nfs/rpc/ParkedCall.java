package dev.nbroot.nfs.rpc;

/**
 * Ends a procedure that cannot go on before something is there, from wherever that turned out: as
 * {@link Outcome#PARKED}, if the call was parked ({@link RpcCall#park}). A call over UDP that cannot be gets no
 * reply; its client repeats it.
 */
public final class ParkedCall extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Ends it; only before the call has an effect. */
    public ParkedCall() {
        super("the call waits for something", null, false, false);
    }
}
