package dev.nbroot.tftp;

/** The error codes of RFC 1350 (appendix, "Error Codes") that a server of files for reading sends. */
public enum TftpErrorCode {
    /** See the message. */
    NOT_DEFINED(0),
    /** There is no such file. */
    FILE_NOT_FOUND(1),
    /** The file may not be read, or nothing may be written. */
    ACCESS_VIOLATION(2),
    /** The packet is no request this server understands. */
    ILLEGAL_OPERATION(4);

    private final int number;

    TftpErrorCode(int number) {
        this.number = number;
    }

    /** {@return the number on the wire, 0 to 8} */
    public int number() {
        return number;
    }
}
