package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.system.PosixFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A loop's native memory for the arguments and results of the kernel's calls. Laid out once, so that no call allocates.
 *
 * <pre>
 * 0 struct statx | 512 mount id | 520 struct file_handle | 1024, 1536 names | 2048 two struct timespec
 * 2112 struct statvfs | 2304 /proc/self/fd/N | 2432 struct iovec | 2448 struct open_how | 2480 struct rusage
 * 4096 a link's target
 * </pre>
 */
final class Scratch {
    /** The longest name that Linux file systems take, in bytes. */
    static final int MOST_NAME = 255;
    /** The longest target of a symbolic link. */
    static final int MOST_TARGET = 4095;
    /** A name longer than this is not even looked at. */
    private static final int MOST_WIRE_NAME = 8192;

    static final int STATX = 0;
    static final int HANDLE = 520;
    static final int TIMES = 2048;
    static final int STATVFS = 2112;
    static final int OPEN_HOW = 2448;
    static final int USAGE = 2480;
    static final int TARGET = 4096;
    private static final int MOUNT_ID = 512;
    private static final int HANDLE_ROOM = 128;
    private static final int NAME = 1024;
    private static final int SECOND_NAME = 1536;
    private static final int PROC = 2304;
    private static final int VECTOR = 2432;
    private static final byte[] PROC_PREFIX = "/proc/self/fd/".getBytes(StandardCharsets.US_ASCII);

    private final ByteBuffer memory = ByteBuffer.allocateDirect(8320).order(ByteOrder.nativeOrder());
    private final long address;

    Scratch(PosixFiles posix) {
        address = posix.address(memory);
    }

    ByteBuffer memory() {
        return memory;
    }

    long at(int offset) {
        return address + offset;
    }

    /** {@return the address of a struct file_handle with room} */
    long handleRoom() {
        memory.putInt(HANDLE, HANDLE_ROOM);
        return address + HANDLE;
    }

    long mountIdAddress() {
        return address + MOUNT_ID;
    }

    int mountId() {
        return memory.getInt(MOUNT_ID);
    }

    long name() {
        return address + NAME;
    }

    long secondName() {
        return address + SECOND_NAME;
    }

    /**
     * Takes a name over as a zero-terminated string.
     *
     * @return OK or why it cannot be a name of one component
     */
    int readName(XdrIn in) {
        return readName(in, NAME);
    }

    int readSecondName(XdrIn in) {
        return readName(in, SECOND_NAME);
    }

    private int readName(XdrIn in, int target) {
        int length = in.opaque(MOST_WIRE_NAME);
        if (length > MOST_NAME) {
            return Status.NAMETOOLONG;
        }
        return copyName(in.buffer(), in.data(), length, target);
    }

    int copyName(ByteBuffer source, int from, int length) {
        return copyName(source, from, length, NAME);
    }

    private int copyName(ByteBuffer source, int from, int length, int target) {
        if (length == 0) {
            return Status.INVAL;
        }
        for (int i = 0; i < length; i++) {
            byte c = source.get(from + i);
            if (c == 0 || c == '/') {
                return Status.INVAL;
            }
        }
        memory.put(target, source, from, length);
        memory.put(target + length, (byte) 0);
        return Status.OK;
    }

    /** {@return a copy of the name that was read, zero-terminated} */
    byte[] copyOfName() {
        int length = 0;
        while (memory.get(NAME + length) != 0) {
            length++;
        }
        byte[] copy = new byte[length + 1];
        memory.get(NAME, copy);
        return copy;
    }

    /** {@return whether the name that was read is {@code .}} */
    boolean isDot() {
        return memory.get(NAME) == '.' && memory.get(NAME + 1) == 0;
    }

    /** {@return whether the name that was read is {@code ..}} */
    boolean isDotDot() {
        return memory.get(NAME) == '.' && memory.get(NAME + 1) == '.' && memory.get(NAME + 2) == 0;
    }

    /** Makes the name {@code ..}. */
    void nameDotDot() {
        memory.put(NAME, (byte) '.').put(NAME + 1, (byte) '.').put(NAME + 2, (byte) 0);
    }

    boolean secondIsDots() {
        return memory.get(SECOND_NAME) == '.'
                && (memory.get(SECOND_NAME + 1) == 0
                        || memory.get(SECOND_NAME + 1) == '.' && memory.get(SECOND_NAME + 2) == 0);
    }

    /** Takes a link's target over. */
    int readTarget(XdrIn in) {
        int length = in.opaque(MOST_WIRE_NAME);
        if (length > MOST_TARGET) {
            return Status.NAMETOOLONG;
        }
        for (int i = 0; i < length; i++) {
            if (in.buffer().get(in.data() + i) == 0) {
                return Status.INVAL;
            }
        }
        memory.put(TARGET, in.buffer(), in.data(), length);
        memory.put(TARGET + length, (byte) 0);
        return length == 0 ? Status.INVAL : Status.OK;
    }

    /** {@return the address of a struct iovec that says "so many bytes at that address"} */
    long vector(long target, int bytes) {
        memory.putLong(VECTOR, target);
        memory.putLong(VECTOR + 8, bytes);
        return address + VECTOR;
    }

    /** {@return the address of the path {@code /proc/self/fd/N}} */
    long procPath(int descriptor) {
        memory.put(PROC, PROC_PREFIX);
        int at = PROC + PROC_PREFIX.length;
        int digits = 1;
        for (int n = descriptor; n >= 10; n /= 10) {
            digits++;
        }
        memory.put(at + digits, (byte) 0);
        for (int n = descriptor, i = digits - 1; i >= 0; i--, n /= 10) {
            memory.put(at + i, (byte) ('0' + n % 10));
        }
        return address + PROC;
    }
}
