package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The header of an x86 kernel (kernel Documentation/arch/x86/boot.rst).
 *
 * @param version what the kernel calls itself, as in {@code 6.1.0-9-amd64}
 * @param bits64 whether it can be entered in 64-bit mode
 * @param length how many bytes the file must have at least
 */
record KernelImage(String version, boolean bits64, long length) {
    private static final int HEADER = 0x1f0;
    private static final int HEADER_LENGTH = 0x60;
    private static final int SETUP_SECTORS = 0x1f1;
    private static final int PARAGRAPHS = 0x1f4;
    private static final int MAGIC_AT = 0x202;
    private static final int VERSION_POINTER_AT = 0x20e;
    private static final int LOAD_FLAGS = 0x236;
    private static final int VERSION_BASE = 0x200;
    private static final int LONGEST_VERSION = 256;
    private static final int SECTOR = 512;
    private static final int PARAGRAPH = 16;

    /** {@return what a file says of itself; absent when it is no bzImage} */
    static Optional<KernelImage> read(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer header = read(channel, HEADER, HEADER_LENGTH);
            if (header.remaining() < HEADER_LENGTH || header.getInt(MAGIC_AT - HEADER) != 0x53726448) {
                return Optional.empty();
            }
            int pointer = Short.toUnsignedInt(header.getShort(VERSION_POINTER_AT - HEADER));
            ByteBuffer text = read(channel, VERSION_BASE + pointer, LONGEST_VERSION);
            String version = StandardCharsets.US_ASCII.decode(text).toString().split("[ \0]", 2)[0];
            int sectors = Byte.toUnsignedInt(header.get(SETUP_SECTORS - HEADER));
            long length = (long) ((sectors == 0 ? 4 : sectors) + 1) * SECTOR
                    + Integer.toUnsignedLong(header.getInt(PARAGRAPHS - HEADER)) * PARAGRAPH;
            return version.matches("[0-9][A-Za-z0-9.+~_-]*")
                    ? Optional.of(new KernelImage(version, (header.getShort(LOAD_FLAGS - HEADER) & 1) != 0, length))
                    : Optional.empty();
        } catch (IOException e) {
            throw Failure.io("read the kernel", file, e);
        }
    }

    /**
     * {@return the version that a bzImage tells}
     *
     * @param where the place to name when it is none
     * @throws Failure of kind {@code INVALID_INPUT} when the file is no bzImage
     */
    static String version(Path file, String where) {
        return read(file)
                .map(KernelImage::version)
                .orElseThrow(() -> Failure.of(
                        FailureKind.INVALID_INPUT,
                        where + ": " + file + " is not an x86 kernel (bzImage)",
                        "give the vmlinuz that a kernel build or package made, or write kernel: auto"));
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
}
