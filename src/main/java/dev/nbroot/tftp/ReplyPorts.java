package dev.nbroot.tftp;

/**
 * From which UDP ports transfers are answered.
 *
 * @param single answer from the listening port itself, as containers and NAT without a TFTP helper need it
 * @param low the first port to use, or 0 for any free port
 * @param high the last port to use, or 0
 */
public record ReplyPorts(boolean single, int low, int high) {

    /** Checks the range. */
    public ReplyPorts {
        boolean none = low == 0 && high == 0;
        if (!none && (single || low < 1 || high > 65535 || low > high)) {
            throw new IllegalArgumentException("not a range of ports: " + low + "-" + high);
        }
    }

    /** {@return a free port for each transfer, chosen by the kernel: what RFC 1350 section 4 describes} */
    public static ReplyPorts ephemeral() {
        return new ReplyPorts(false, 0, 0);
    }

    /** {@return the listening port for all transfers} */
    public static ReplyPorts listening() {
        return new ReplyPorts(true, 0, 0);
    }

    /**
     * {@return a port of this range for each transfer, for firewalls; it also limits the transfers at once}
     *
     * @param low 1 to 65535
     * @param high {@code low} to 65535
     */
    public static ReplyPorts range(int low, int high) {
        if (low < 1) {
            throw new IllegalArgumentException("not a range of ports: " + low + "-" + high);
        }
        return new ReplyPorts(false, low, high);
    }
}
