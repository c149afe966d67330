package dev.nbroot.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some bytes of a file: what is left of a {@code Range} header when the size is known (RFC 9110, section 14).
 *
 * @param first 0 or more
 * @param length 0 or more
 */
record ByteRange(long first, long length) {
    /** One range; a server may answer several with the whole (section 14.2), and nobody who boots asks for several. */
    private static final Pattern ONE =
            Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*", Pattern.CASE_INSENSITIVE);

    /**
     * {@return what a header asks for; absent when it has to be ignored, because it cannot be understood}
     *
     * @param header the value, or null
     * @return a range of length 0 when the file has none of these bytes
     */
    static Optional<ByteRange> of(String header, long size) {
        Matcher parts = ONE.matcher(header == null ? "" : header);
        if (!parts.matches() || (parts.group(1).isEmpty() && parts.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (parts.group(1).isEmpty()) {
            long last = Math.min(Long.parseLong(parts.group(2)), size);
            return Optional.of(new ByteRange(size - last, last));
        }
        long first = Long.parseLong(parts.group(1));
        long end = parts.group(2).isEmpty() ? size : Math.min(Long.parseLong(parts.group(2)) + 1, size);
        if (!parts.group(2).isEmpty() && Long.parseLong(parts.group(2)) < first) {
            return Optional.empty();
        }
        return Optional.of(new ByteRange(first, Math.max(0, end - first)));
    }

    /** {@return it as in {@code 100-199/1000}} */
    String text(long size) {
        return first + "-" + (first + length - 1) + "/" + size;
    }
}
