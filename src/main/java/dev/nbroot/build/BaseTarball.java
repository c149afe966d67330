package dev.nbroot.build;

import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * What {@code debootstrap --unpack-tarball} reads back of a {@code --make-tarball} run: which packages, in which files,
 * and what the package lists say about them. So debootstrap needs no mirror, and none of its own slow ways to resolve
 * and verify; whoever makes the tarball must have done both. The package files themselves are already in the tree's
 * archives directory.
 */
final class BaseTarball {
    private static final String ARCHIVES = "/var/cache/apt/archives/";

    private BaseTarball() {}

    /**
     * Writes the tarball.
     *
     * @param file must end in {@code .tar}, by which debootstrap knows the format
     * @param mirror as debootstrap will be told it
     * @param stanzas the package lists' stanzas, each with a line feed at its end
     */
    static void write(
            Path file, Selection selection, String suite, String architecture, String mirror, List<String> stanzas) {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
            add(tar, "debootstrap/required", names(selection.required()));
            add(tar, "debootstrap/base", names(selection.base()));
            add(
                    tar,
                    "debootstrap/debpaths",
                    selection.system().stream()
                            .map(deb -> deb.name() + " " + ARCHIVES + deb.fileName() + "\n")
                            .collect(Collectors.joining()));
            add(tar, "var/lib/apt/lists/" + list(mirror, suite, architecture), String.join("\n", stanzas) + "\n");
        } catch (IOException e) {
            throw Failure.io("write", file, e);
        }
    }

    /** As apt_dest of debootstrap's functions makes it of a list's address. */
    static String list(String mirror, String suite, String architecture) {
        String address = mirror + "_dists/" + suite + "/main/binary-" + architecture + "/Packages";
        return address.replaceFirst("^[^:]+://", "").replace('/', '_');
    }

    private static String names(List<Deb> debs) {
        return debs.stream().map(Deb::name).collect(Collectors.joining(" ")) + "\n";
    }

    private static void add(TarArchiveOutputStream tar, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(PackageIndex.CHARSET);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
