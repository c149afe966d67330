package dev.nbroot.build;

import dev.nbroot.report.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;

/**
 * Package files without compression. Each is decompressed once and then unpacked any number of times: half of the work
 * of dpkg is xz's, and debootstrap even unpacks each package twice.
 *
 * <pre>
 *   cache/plain/HA/HASH.deb      the package whose own file has this hash; control as it was, data.tar plain (deb(5))
 *   cache/plain/HA/HASH.crc32    size and CRC-32 of the plain file
 * </pre>
 *
 * @param site whose archives get them
 */
record PlainDebs(BuildSite site) {
    /** Smaller ones are not worth a process. */
    private static final long WORTHWHILE = 200_000;

    private static final int BUFFER = 1 << 20;
    private static final String DATA = "data.tar";

    /** {@return those that must be had as they are fetched: no whole plain file of them could be linked into the archives} */
    List<Deb> link(List<Deb> debs) {
        return debs.parallelStream()
                .filter(deb -> deb.size() <= WORTHWHILE || !isWhole(deb) || !linked(deb))
                .toList();
    }

    /** Decompresses verified package files that are in the archives, and puts the plain ones in their places. */
    void replace(List<Deb> debs) {
        List<Deb> large = debs.stream().filter(deb -> deb.size() > WORTHWHILE).toList();
        if (!large.isEmpty()) {
            make(large);
            // One that somebody has deleted just now is there as it was fetched.
            large.forEach(this::linked);
        }
    }

    private Path directory(Deb deb) {
        return site.cache().resolve("plain").resolve(deb.sha256().substring(0, 2));
    }

    private Path file(Deb deb) {
        return directory(deb).resolve(deb.sha256() + ".deb");
    }

    private Path print(Deb deb) {
        return directory(deb).resolve(deb.sha256() + ".crc32");
    }

    private boolean isWhole(Deb deb) {
        try {
            return Files.readString(print(deb), StandardCharsets.ISO_8859_1).equals(checksum(file(deb)));
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw Failure.io("read the package file", file(deb), e);
        }
    }

    /** Against damage, not against malice: whoever may write here is root. CRC-32 is the one that costs next to nothing. */
    private static String checksum(Path file) throws IOException {
        CRC32 crc = new CRC32();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(buffer) >= 0) {
                crc.update(buffer.flip());
                buffer.clear();
            }
            return channel.size() + " " + Long.toHexString(crc.getValue());
        }
    }

    private void make(List<Deb> debs) {
        Path work = WorkDirectory.directory(site.work().resolve("plain"));
        List<String> arguments = new ArrayList<>(List.of(site.archives().toString(), work.toString()));
        debs.forEach(deb -> arguments.add(deb.fileName()));
        site.script("plain-debs.sh", arguments.toArray(String[]::new));
        for (Deb deb : debs) {
            Path data = work.resolve(deb.fileName());
            Path whole = work.resolve(deb.fileName() + ".plain");
            try {
                assemble(site.archives().resolve(deb.fileName()), data, whole);
                Files.delete(data);
                keep(deb, whole);
            } catch (IOException e) {
                throw Failure.io("decompress", site.archives().resolve(deb.fileName()), e);
            }
        }
    }

    private void keep(Deb deb, Path whole) throws IOException {
        Files.createDirectories(directory(deb));
        Path print = Files.createTempFile(directory(deb), ".", "");
        Path beside = Files.createTempFile(directory(deb), ".", "");
        Files.writeString(print, checksum(whole));
        Files.move(whole, beside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(beside, file(deb), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.move(print, print(deb), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The members of deb(5) in their order, the compressed data replaced. */
    static void assemble(Path deb, Path data, Path to) throws IOException {
        try (ArArchiveInputStream in = new ArArchiveInputStream(Files.newInputStream(deb));
                ArArchiveOutputStream out = new ArArchiveOutputStream(Files.newOutputStream(to))) {
            for (ArArchiveEntry member = in.getNextEntry(); member != null; member = in.getNextEntry()) {
                boolean isData = member.getName().startsWith(DATA);
                long size = isData ? Files.size(data) : member.getLength();
                out.putArchiveEntry(new ArArchiveEntry(
                        isData ? DATA : member.getName(),
                        size,
                        member.getUserId(),
                        member.getGroupId(),
                        member.getMode(),
                        member.getLastModified()));
                if (isData) {
                    try (InputStream plain = Files.newInputStream(data)) {
                        plain.transferTo(out);
                    }
                } else {
                    in.transferTo(out);
                }
                out.closeArchiveEntry();
            }
        }
    }

    private boolean linked(Deb deb) {
        Path archive = site.archives().resolve(deb.fileName());
        Path beside = archive.resolveSibling(deb.fileName() + ".plain");
        try {
            Files.deleteIfExists(beside);
            Files.createLink(beside, file(deb));
            Files.move(beside, archive, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return copied(deb, beside, archive);
        }
    }

    /** The cache may lie on another file system than the roots. */
    private boolean copied(Deb deb, Path beside, Path archive) {
        try {
            Files.copy(file(deb), beside, StandardCopyOption.REPLACE_EXISTING);
            Files.move(beside, archive, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw Failure.io("use the package file", file(deb), e);
        }
    }
}
