package dev.nbroot.build;

import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an initrd has, without trusting it: some archives of cpio(5) format newc, one behind the other, and at most one
 * packed one at the end (kernel Documentation/driver-api/early-userspace/buffer-format.rst).
 *
 * @param tree a root whose programs unpack it
 */
record InitrdListing(Namespaces namespaces, Commands commands, Path tree) {
    private static final int HEADER = 110;
    private static final int SIZE_AT = 54;
    private static final int NAME_SIZE_AT = 94;
    private static final int FIELD = 8;
    private static final int LONGEST_NAME = 1024;
    private static final int MOST_PADDING = 4096;
    private static final int MOST_NAMES = 20_000;
    private static final String LAST = "TRAILER!!!";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Map<String, List<String>> PACKED = Map.of(
            "28b52ffd", List.of("zstd", "-dcq"),
            "1f8b", List.of("gzip", "-dc"),
            "fd377a585a00", List.of("xz", "-dcq"),
            "02214c18", List.of("lz4", "-dcq"),
            "5d0000", List.of("xz", "-dcq", "--format=lzma"),
            "425a68", List.of("bzip2", "-dc"));

    /**
     * {@return the names; absent when it is cut off, or no initrd}
     *
     * @throws dev.nbroot.report.Failure of kind {@code COMMAND} when what is packed cannot be unpacked
     */
    Optional<List<String>> names(Path initrd) throws IOException {
        List<String> names = new ArrayList<>();
        try (FileChannel file = FileChannel.open(initrd)) {
            long at = 0;
            int padding = 0;
            while (at < file.size()) {
                byte[] begin = bytes(file, at, 6);
                if (begin.length > 0 && begin[0] == 0) {
                    at++;
                    if (++padding > MOST_PADDING) {
                        return Optional.empty();
                    }
                } else if (isArchive(begin)) {
                    at = archive(file, at, names);
                    if (at < 0) {
                        return Optional.empty();
                    }
                } else {
                    Optional<List<String>> unpacking = unpacking(begin);
                    if (unpacking.isEmpty()) {
                        return Optional.empty();
                    }
                    names.addAll(packed(initrd, at, unpacking.get()));
                    at = file.size();
                }
            }
        }
        return names.isEmpty() ? Optional.empty() : Optional.of(names);
    }

    private static boolean isArchive(byte[] begin) {
        String magic = new String(begin, StandardCharsets.US_ASCII);
        return magic.equals("070701") || magic.equals("070702");
    }

    private static Optional<List<String>> unpacking(byte[] begin) {
        String hex = HexFormat.of().formatHex(begin);
        return PACKED.entrySet().stream()
                .filter(one -> hex.startsWith(one.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** {@return what lies behind the archive; -1 when it is cut off or damaged} */
    private static long archive(FileChannel file, long begin, List<String> names) throws IOException {
        long at = begin;
        while (names.size() < MOST_NAMES) {
            byte[] header = bytes(file, at, HEADER);
            if (header.length < HEADER || !isArchive(Arrays.copyOf(header, 6))) {
                return -1;
            }
            long size = field(header, SIZE_AT);
            long nameSize = field(header, NAME_SIZE_AT);
            if (size < 0 || nameSize < 1 || nameSize > LONGEST_NAME) {
                return -1;
            }
            byte[] name = bytes(file, at + HEADER, (int) nameSize - 1);
            long data = begin + aligned(at - begin + HEADER + nameSize);
            at = begin + aligned(data - begin + size);
            if (name.length < nameSize - 1 || data + size > file.size()) {
                return -1;
            }
            String text = new String(name, StandardCharsets.ISO_8859_1);
            if (text.equals(LAST)) {
                return at;
            }
            names.add(text);
        }
        return -1;
    }

    private static long aligned(long offset) {
        return (offset + 3) & ~3L;
    }

    private static long field(byte[] header, int at) {
        try {
            return Long.parseLong(new String(header, at, FIELD, StandardCharsets.US_ASCII), 16);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static byte[] bytes(FileChannel file, long at, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining() && file.read(buffer, at + buffer.position()) >= 0) {
            // Until it is full, or the file ends.
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private List<String> packed(Path initrd, long from, List<String> unpacking) {
        List<String> argv = new ArrayList<>(List.of(
                "bash",
                "-c",
                Resource.text("list-initrd.sh"),
                "list-initrd",
                tree.toString(),
                initrd.toString(),
                Long.toString(from + 1)));
        argv.addAll(unpacking);
        try (Namespaces.Namespace namespace = namespaces.open()) {
            return commands.run(namespace.inside(
                            Invocation.of(argv).labelled("list-initrd").within(PATIENCE)))
                    .lines();
        }
    }
}
