package dev.nbroot.profile;

import java.util.Arrays;

/** Bytes of a file, compared by value; never printed, they may be a secret. */
public final class FileContent {
    private final byte[] bytes;

    /** Copies the bytes. */
    public FileContent(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** {@return a copy of the bytes} */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** {@return how many bytes there are} */
    public int size() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileContent that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
