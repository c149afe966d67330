package dev.nbroot.tftp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The packets a server sends, and the opcodes (RFC 1350 section 5, RFC 2347). */
final class Wire {
    static final int RRQ = 1;
    static final int WRQ = 2;
    static final int DATA = 3;
    static final int ACK = 4;
    static final int ERROR = 5;
    static final int OACK = 6;

    /** Opcode and block number. */
    static final int HEADER = 4;

    /** Room for the largest packet: RFC 2348 ends at 65464 bytes of data. */
    static final int MAX_PACKET = 65464 + HEADER;

    private static final int MAX_ERROR_TEXT = 400;

    private Wire() {}

    /** Puts an ERROR packet into the buffer, ready to be sent. */
    static void error(ByteBuffer packet, TftpErrorCode code, String message) {
        byte[] text = message.getBytes(StandardCharsets.US_ASCII);
        packet.clear();
        packet.putShort((short) ERROR).putShort((short) code.number());
        packet.put(text, 0, Math.min(text.length, MAX_ERROR_TEXT)).put((byte) 0).flip();
    }

    /** Puts an OACK packet into the buffer, ready to be sent. */
    static void oack(ByteBuffer packet, Map<String, String> options) {
        packet.clear();
        packet.putShort((short) OACK);
        options.forEach((name, value) -> {
            packet.put(name.getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
            packet.put(value.getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
        });
        packet.flip();
    }

    /** {@return the text of an ERROR packet, at most 400 characters} */
    static String errorText(ByteBuffer packet) {
        int start = packet.position() + HEADER;
        StringBuilder text = new StringBuilder();
        for (int i = start; i < packet.limit() && packet.get(i) != 0 && text.length() < MAX_ERROR_TEXT; i++) {
            text.append((char) (packet.get(i) & 0xff));
        }
        return text.toString();
    }
}
