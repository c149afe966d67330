package dev.nbroot.build;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** The identifiers of one SPDX document: unique in it, of the characters that SPDX 2.3 (7.2) allows. */
final class SpdxIds {
    private static final int HEXADECIMAL = 16;
    private static final long VERSION_8 = 0x8000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final Set<String> taken = new HashSet<>();

    /** Takes a fixed identifier. */
    void claim(String id) {
        taken.add(id);
    }

    /** {@return a new identifier that is like a name} */
    String next(String name) {
        String id = "SPDXRef-" + idString(name);
        String unique = id;
        for (int i = 2; !taken.add(unique); i++) {
            unique = id + "-" + i;
        }
        return unique;
    }

    /** {@return a name of letters, digits, dots and dashes; a plus, as in g++, is spelt out} */
    static String idString(String name) {
        return name.replace("+", "plus").replaceAll("[^A-Za-z0-9.-]", "-");
    }

    /** {@return a UUID of version 8 (RFC 9562, 5.8) made of the beginning of a hash} */
    static UUID uuid(String sha256) {
        long high = Long.parseUnsignedLong(sha256.substring(0, HEXADECIMAL), HEXADECIMAL);
        long low = Long.parseUnsignedLong(sha256.substring(HEXADECIMAL, 2 * HEXADECIMAL), HEXADECIMAL);
        return new UUID(high & ~0xf000L | VERSION_8, low & 0x3fff_ffff_ffff_ffffL | VARIANT);
    }
}
