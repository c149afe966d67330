package dev.nbroot.tftp;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/** Hostile datagrams of every shape, the same ones for the same seed. */
final class FuzzedPackets {
    private static final String[] NAMES = {
        "f",
        "dir/g",
        "\\dir\\g",
        "//dir///g\u00ff\u00ff",
        "../secret",
        "dir/../../secret",
        "..\\secret",
        "/etc/passwd",
        "out",
        "outdir/secret",
        "hidden",
        "fifo",
        ".",
        "..",
        "/",
        "\u00ff",
        "a\r\nb\u001b[2J",
        "pxelinux.cfg/default"
    };
    private static final String[] MODES = {"octet", "OcTet", "netascii", "mail", "", "octet\u00ff"};
    private static final String[] OPTIONS = {
        "blksize", "BLKSIZE", "tsize", "timeout", "windowsize", "multicast", "", "x"
    };
    private static final String[] VALUES = {
        "0",
        "1",
        "7",
        "8",
        "512",
        "1428",
        "8192",
        "65464",
        "65465",
        "255",
        "256",
        "65535",
        "-1",
        "+8",
        " 8",
        "8 ",
        "0x10",
        "1e3",
        "",
        "99999999999999999999",
        "9223372036854775807",
        "\u00b2"
    };

    private final Random random;

    FuzzedPackets(long seed) {
        random = new Random(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** {@return a datagram for the listening port} */
    byte[] next() {
        byte[] packet = switch (random.nextInt(10)) {
            case 0 -> noise(random.nextInt(60));
            case 1 -> noise(random.nextInt(1600));
            case 2 -> transferPacket();
            default -> request();
        };
        if (random.nextInt(2000) == 0) {
            packet = noise(65_507);
        }
        return spoilt(packet);
    }

    /** {@return what a client may send to a running transfer, right or wrong} */
    byte[] reply(byte[] answer) {
        if (random.nextInt(3) == 0) {
            return spoilt(random.nextBoolean() ? transferPacket() : request());
        }
        // An acknowledgement near the block that came, so that transfers get under way.
        int number = answer[1] == Wire.OACK ? 0 : (answer[2] & 0xff) << 8 | answer[3] & 0xff;
        number += random.nextInt(4) == 0 ? random.nextInt(5) - 2 : 0;
        return new byte[] {0, Wire.ACK, (byte) (number >> 8), (byte) number};
    }

    private byte[] request() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.write(random.nextInt(12) == 0 ? Wire.WRQ : Wire.RRQ);
        word(out, random.nextInt(20) == 0 ? "n".repeat(random.nextInt(1600)) : one(NAMES));
        word(out, random.nextInt(4) == 0 ? one(MODES) : "octet");
        for (int i = random.nextInt(random.nextInt(30) == 0 ? 300 : 5); i > 0; i--) {
            word(out, one(OPTIONS));
            word(out, one(VALUES));
        }
        return out.toByteArray();
    }

    private byte[] transferPacket() {
        byte[] packet = noise(random.nextInt(5) == 0 ? random.nextInt(600) : 4);
        if (packet.length > 1) {
            packet[0] = 0;
            packet[1] = (byte) (3 + random.nextInt(5));
        }
        return packet;
    }

    /** Flips bytes and cuts the end off, now and then. */
    private byte[] spoilt(byte[] packet) {
        byte[] spoilt = random.nextInt(8) == 0 ? java.util.Arrays.copyOf(packet, below(packet.length + 1)) : packet;
        for (int flips = random.nextInt(6) - 3; flips > 0 && spoilt.length > 0; flips--) {
            spoilt[below(spoilt.length)] = (byte) random.nextInt();
        }
        return spoilt;
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private String one(String[] words) {
        return words[random.nextInt(words.length)];
    }

    private static void word(ByteArrayOutputStream out, String word) {
        out.writeBytes(word.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        out.write(0);
    }
}
