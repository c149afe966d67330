package dev.nbroot.stage;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Reads single files out of a Debian binary package: an ar(1) archive with a compressed data.tar in it (deb(5)). */
final class DebPackage {
    private static final int LARGEST_FILE = 16 << 20;
    private static final int XZ_MEMORY_KIB = 256 << 10;

    private DebPackage() {}

    /**
     * {@return the contents of one regular file}
     *
     * @param file relative to the installed system's top
     * @throws IOException when the package is damaged, or has no such file
     */
    static byte[] read(Path deb, Path file) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(deb));
                ArArchiveInputStream members = new ArArchiveInputStream(raw)) {
            for (ArArchiveEntry member = members.getNextEntry(); member != null; member = members.getNextEntry()) {
                if (member.getName().startsWith("data.tar")) {
                    return find(new TarArchiveInputStream(plain(member.getName(), members)), deb, file);
                }
            }
        }
        throw new IOException(deb.getFileName() + " has no data.tar");
    }

    private static InputStream plain(String name, InputStream data) throws IOException {
        String suffix = name.substring("data.tar".length());
        return switch (suffix) {
            case "" -> data;
            case ".gz" -> new GzipCompressorInputStream(data);
            case ".xz" ->
                XZCompressorInputStream.builder()
                        .setInputStream(data)
                        .setDecompressConcatenated(true)
                        .setMemoryLimitKiB(XZ_MEMORY_KIB)
                        .get();
            default -> throw new IOException("nbroot cannot unpack " + name);
        };
    }

    private static byte[] find(TarArchiveInputStream tar, Path deb, Path file) throws IOException {
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            if (entry.isFile()
                    && Path.of("/", entry.getName())
                            .normalize()
                            .equals(Path.of("/").resolve(file))) {
                if (entry.getSize() > LARGEST_FILE) {
                    throw new IOException(file + " in " + deb.getFileName() + " is too large");
                }
                return tar.readAllBytes();
            }
        }
        throw new IOException(deb.getFileName() + " has no file " + file);
    }
}
