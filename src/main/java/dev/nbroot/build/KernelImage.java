package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads the header of an x86 kernel (kernel Documentation/arch/x86/boot.rst). */
final class KernelImage {
    private static final int MAGIC_AT = 0x202;
    private static final int VERSION_POINTER_AT = 0x20e;
    private static final int VERSION_BASE = 0x200;
    private static final int LONGEST_VERSION = 256;

    private KernelImage() {}

    /**
     * {@return the version that a bzImage tells, as in {@code 6.1.0-9-amd64}}
     *
     * @param where the place to name when it is none
     * @throws Failure of kind {@code INVALID_INPUT} when the file is no bzImage
     */
    static String version(Path file, String where) {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer header = read(channel, MAGIC_AT, 16);
            byte[] magic = new byte[4];
            if (header.remaining() == 16) {
                header.get(magic);
            }
            if (!new String(magic, StandardCharsets.US_ASCII).equals("HdrS")) {
                throw noKernel(file, where);
            }
            int pointer = Short.toUnsignedInt(header.getShort(VERSION_POINTER_AT - MAGIC_AT));
            ByteBuffer text = read(channel, VERSION_BASE + pointer, LONGEST_VERSION);
            String version = StandardCharsets.US_ASCII.decode(text).toString().split("[ \0]", 2)[0];
            if (!version.matches("[0-9][A-Za-z0-9.+~_-]*")) {
                throw noKernel(file, where);
            }
            return version;
        } catch (IOException e) {
            throw Failure.io("read the kernel", file, e);
        }
    }

    private static ByteBuffer read(FileChannel channel, int position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, (long) position + buffer.position()) < 0) {
                break;
            }
        }
        return buffer.flip();
    }

    private static Failure noKernel(Path file, String where) {
        return Failure.of(
                FailureKind.INVALID_INPUT,
                where + ": " + file + " is not an x86 kernel (bzImage)",
                "give the vmlinuz that a kernel build or package made, or write kernel: auto");
    }
}
