package dev.nbroot.tftp;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What server and client agree on.
 *
 * <p>An option with a bad value is left out of the answer, as if it had not been sent (RFC 2347 allows it); ERROR 8 would
 * stop firmware that only tries what a server can do.
 *
 * @param blksize bytes per block, 8 to 65464 (RFC 2348)
 * @param window blocks per acknowledgement (RFC 7440)
 * @param timeoutSeconds the client's retransmission timeout, 1 to 255 (RFC 2349), or 0 if it has no wish
 * @param acknowledged the options to answer with, in the order asked; empty: no OACK is sent
 */
record Negotiated(int blksize, int window, int timeoutSeconds, Map<String, String> acknowledged) {
    private static final int DEFAULT_BLKSIZE = 512;
    private static final int MAX_WINDOW_BYTES = 4 << 20;

    /**
     * Looks at the request's options.
     *
     * @param size of the content in bytes
     */
    static Negotiated of(Incoming.Read request, long size, TftpSettings settings) {
        Map<String, String> asked = request.options();
        int blksize = (int) number(asked.get("blksize"), 8, 65464, -1);
        int window = (int) number(asked.get("windowsize"), 1, 65535, -1);
        int timeout = (int) number(asked.get("timeout"), 1, 255, -1);
        int block = blksize < 0 ? DEFAULT_BLKSIZE : Math.min(blksize, settings.maxBlksize());
        int blocks = window < 0 ? 1 : Math.min(Math.min(window, settings.maxWindow()), MAX_WINDOW_BYTES / block);
        Map<String, String> answer = new LinkedHashMap<>();
        for (Map.Entry<String, String> option : asked.entrySet()) {
            String name = option.getKey();
            if (name.equals("blksize") && blksize > 0) {
                answer.put(name, Integer.toString(block));
            } else if (name.equals("windowsize") && window > 0) {
                answer.put(name, Integer.toString(blocks));
            } else if (name.equals("timeout") && timeout > 0) {
                answer.put(name, Integer.toString(timeout));
            } else if (name.equals("tsize") && size > 0 && !request.netascii() && isNumber(option.getValue())) {
                // In netascii the number of bytes sent is known only after encoding the whole file. A size of zero
                // ends curl's transfer with "illegal operation" (7.88); without it an empty file arrives.
                answer.put(name, Long.toString(size));
            }
        }
        return new Negotiated(block, blocks, Math.max(timeout, 0), Collections.unmodifiableMap(answer));
    }

    private static long number(String text, long min, long max, long otherwise) {
        if (!isNumber(text)) {
            return otherwise;
        }
        long value = Long.parseLong(text);
        return value < min || value > max ? otherwise : value;
    }

    /** Plain decimal digits only: no sign, blank, hex or empty string. Eighteen digits fit a long. */
    private static boolean isNumber(String text) {
        return text != null
                && !text.isEmpty()
                && text.length() <= 18
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
