package dev.nbroot.tftp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads requests (RFC 1350 section 5, RFC 2347):
 *
 * <pre>
 *  2 bytes   string  1   string  1   string  1   string  1
 * +--------+-------+---+-------+---+-------+---+-------+---+--
 * | 1 or 2 | name  | 0 | mode  | 0 | opt1  | 0 | value | 0 | ...
 * +--------+-------+---+-------+---+-------+---+-------+---+--
 * </pre>
 */
final class RequestParser {
    /** RFC 2347 allows 512 bytes; names of 4096 bytes cannot come in one Ethernet frame. */
    static final int MAX_REQUEST = 1472;

    private static final Incoming STRAY = new Incoming.Stray();

    private RequestParser() {}

    /** Reads a datagram from its position to its limit. Never throws. */
    static Incoming parse(ByteBuffer packet) {
        if (packet.remaining() < 2) {
            return STRAY;
        }
        int size = packet.remaining();
        int opcode = packet.getShort();
        if (opcode != Wire.RRQ && opcode != Wire.WRQ) {
            return STRAY;
        }
        if (size > MAX_REQUEST) {
            return new Incoming.Malformed("", "the request is longer than " + MAX_REQUEST + " bytes");
        }
        String name = nextString(packet);
        if (name == null || name.isEmpty()) {
            return new Incoming.Malformed("", "the request has no file name");
        }
        String mode = nextString(packet);
        if (mode == null) {
            return new Incoming.Malformed(name, "the request has no transfer mode");
        }
        if (opcode == Wire.WRQ) {
            return new Incoming.Write(name);
        }
        boolean netascii = mode.equalsIgnoreCase("netascii");
        if (!netascii && !mode.equalsIgnoreCase("octet")) {
            return new Incoming.Malformed(name, "the transfer mode is neither octet nor netascii");
        }
        return new Incoming.Read(name, netascii, options(packet));
    }

    /** Ends quietly at anything incomplete: some boot ROMs pad the request with zero bytes. */
    private static Map<String, String> options(ByteBuffer packet) {
        Map<String, String> options = new LinkedHashMap<>();
        while (true) {
            String name = nextString(packet);
            String value = name == null || name.isEmpty() ? null : nextString(packet);
            if (value == null) {
                return Collections.unmodifiableMap(options);
            }
            options.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
        }
    }

    /** {@return the string up to the next zero byte, or null if there is no zero byte} */
    private static String nextString(ByteBuffer packet) {
        int start = packet.position();
        for (int i = start; i < packet.limit(); i++) {
            if (packet.get(i) == 0) {
                ByteBuffer bytes = packet.slice(start, i - start);
                packet.position(i + 1);
                return decode(bytes);
            }
        }
        return null;
    }

    private static String decode(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
        } catch (CharacterCodingException e) {
            return StandardCharsets.ISO_8859_1.decode(bytes).toString();
        }
    }
}
