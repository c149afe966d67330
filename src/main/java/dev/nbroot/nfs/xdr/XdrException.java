package dev.nbroot.nfs.xdr;

/** Bytes from the network that are not what the protocol says. Has no stack trace: hostile input must stay cheap. */
public final class XdrException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what is wrong with the bytes
     */
    public XdrException(String message) {
        super(message, null, false, false);
    }
}
