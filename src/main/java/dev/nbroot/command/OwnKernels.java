package dev.nbroot.command;

import dev.nbroot.state.ClientRecord;

/** Knows which kernels machines have installed in their views. */
public interface OwnKernels {
    /**
     * Looks which kernel a persistent machine shall boot, and notes it. A machine that is on may go on writing meanwhile.
     *
     * @return whether it is another one than before
     */
    boolean look(ClientRecord client);

    /** {@return one that looks at nothing: what was noted stays} */
    static OwnKernels none() {
        return client -> false;
    }
}
