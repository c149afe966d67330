package dev.nbroot.system.tree;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What overlayfs names an index entry after: the file handle of the original in the lower layer, in hexadecimal digits
 * (fs/overlayfs/overlayfs.h, struct ovl_fb).
 *
 * <pre>
 * 0  u8  version      3  u8  flags
 * 1  u8  magic, 0xfb  4  u8  type of the real handle
 * 2  u8  length       5  uuid of 16 bytes, then the real handle
 * </pre>
 */
public record OverlayIndexName(byte[] bytes) {
    /** No entry has more. */
    public static final int MOST_BYTES = 160;

    /** In a handle of an overlay, see {@code OVL_FILEID_V1}. */
    private static final int OVERLAY_TYPE = 0xf8;

    private static final int PADDING = 3;
    private static final int MAGIC = 0xfb;
    private static final int FIXED_BYTES = 21;
    private static final int UPPER_FLAG = 4;
    private static final int TYPE_AT = 4;

    /** {@return what an index entry says; null when it is named otherwise} */
    public static OverlayIndexName ofEntry(String name) {
        return name.matches("([0-9a-f]{2})+") ? checked(HexFormat.of().parseHex(name)) : null;
    }

    /** {@return the name under which an overlay's object is in the index if it was changed; null when it cannot be} */
    public static OverlayIndexName ofHandle(int type, byte[] handle) {
        if (type != OVERLAY_TYPE || handle.length < PADDING + FIXED_BYTES) {
            return null;
        }
        int length = handle[PADDING + 2] & 0xff;
        boolean fits = PADDING + length <= handle.length;
        return fits ? checked(Arrays.copyOfRange(handle, PADDING, PADDING + length)) : null;
    }

    private static OverlayIndexName checked(byte[] bytes) {
        return bytes.length > FIXED_BYTES
                        && bytes.length <= MOST_BYTES
                        && (bytes[1] & 0xff) == MAGIC
                        && (bytes[2] & 0xff) == bytes.length
                        && (bytes[3] & UPPER_FLAG) == 0
                ? new OverlayIndexName(bytes)
                : null;
    }

    /** {@return the type of the original's handle and the handle, in hexadecimal digits} */
    String original() {
        return HexFormat.of().formatHex(bytes, TYPE_AT, TYPE_AT + 1)
                + HexFormat.of().formatHex(bytes, FIXED_BYTES, bytes.length);
    }

    /** Writes the entry's name with a zero behind it. */
    public void write(ByteBuffer into, int at) {
        byte[] digits = HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII);
        into.put(at, digits).put(at + digits.length, (byte) 0);
    }

    /** Writes the original's struct file_handle into a native-order buffer. */
    public void writeOriginal(ByteBuffer into, int at) {
        int length = bytes.length - FIXED_BYTES;
        into.putInt(at, length).putInt(at + 4, bytes[TYPE_AT] & 0xff).put(at + 8, bytes, FIXED_BYTES, length);
    }
}
