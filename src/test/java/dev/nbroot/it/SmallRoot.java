package dev.nbroot.it;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A profile whose root is built for real but quickly: its kernel is a file without modules, so that the largest package
 * and most of the initrd are not there. Nobody boots it.
 */
public final class SmallRoot {
    private static final int SIZE = 4096;
    private static final int MAGIC_AT = 0x202;
    private static final int VERSION_POINTER_AT = 0x20e;
    private static final int VERSION_BASE = 0x200;
    private static final int VERSION = 0x400;

    private SmallRoot() {}

    /**
     * Writes the profile and its kernel.
     *
     * @param directory where they go
     * @param name of the root
     * @param hostname makes the root another one, with the same packages
     * @param more further YAML, without write_files
     * @return the profile
     */
    public static Path write(Path directory, String name, String hostname, String more) throws IOException {
        ByteBuffer kernel = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        kernel.put(MAGIC_AT, "HdrS".getBytes(StandardCharsets.US_ASCII));
        kernel.putShort(VERSION_POINTER_AT, (short) VERSION);
        kernel.put(VERSION_BASE + VERSION, "6.1.0-small (built by hand)\0".getBytes(StandardCharsets.US_ASCII));
        Files.write(directory.resolve("vmlinuz"), kernel.array());
        return Files.writeString(directory.resolve(name + ".yaml"), """
                name: %s
                bootstrap: {suite: bookworm}
                kernel: ./vmlinuz
                hostname: %s
                root: {autologin: true, ssh_authorized_keys: ["%s"]}
                write_files: [{path: /boot/config-6.1.0-small, content: "CONFIG_RD_ZSTD=y\\n"}]
                """.formatted(name, hostname, Profiles.KEY) + more);
    }
}
