package dev.nbroot.tftp;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * One request, at its end.
 *
 * @param local the listening address the request came to
 * @param client who asked
 * @param asked the name as it was sent, <em>with</em> any control characters: print it through {@link #escaped}; empty
 *     if the request was too broken to have one
 * @param served what the name meant, such as the path below the root; empty if nothing was served
 * @param outcome what came of it
 * @param reason why, one sentence; empty for {@link Outcome#DONE}. May quote the client: print it through
 *     {@link #escaped}
 * @param bytes acknowledged by the client; for netascii as encoded
 * @param took from the request to the end
 * @param blksize negotiated bytes per block, 8 to 65464; 0 if no transfer began
 * @param window negotiated blocks per acknowledgement, 1 or more; 0 if no transfer began
 * @param retransmitted packets (blocks, or the option acknowledgement) that were sent again
 */
public record TransferEnd(
        InetSocketAddress local,
        InetSocketAddress client,
        String asked,
        String served,
        Outcome outcome,
        String reason,
        long bytes,
        Duration took,
        int blksize,
        int window,
        long retransmitted) {

    /**
     * {@return the text with control characters, line separators and backslashes written as escapes, so that a client
     * cannot forge log lines or steer a terminal}
     */
    public static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(c -> {
            if (c == '\\') {
                out.append("\\\\");
            } else if (needsEscape(c)) {
                out.append(c < 0x100 ? String.format("\\x%02x", c) : String.format("\\u{%x}", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    private static boolean needsEscape(int c) {
        return switch (Character.getType(c)) {
            // Format characters include the bidirectional overrides, which reorder what a terminal shows.
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
