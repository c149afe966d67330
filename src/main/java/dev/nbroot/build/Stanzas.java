package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What package lists say about chosen package files. A lock file does not have it, then the package files tell.
 *
 * @param site has the package files among its archives
 */
record Stanzas(BuildSite site) {
    /** {@return a stanza for each, with a line feed at its end} */
    List<String> of(List<Deb> debs) {
        Map<String, String> known = site.findings().selection().stanzas();
        List<String> stanzas = new ArrayList<>();
        for (Deb deb : debs) {
            String stanza = known.containsKey(deb.sha256()) ? known.get(deb.sha256()) : read(deb);
            stanzas.add(relocated(stanza, deb));
        }
        return stanzas;
    }

    private String read(Deb deb) {
        return site.run(Invocation.of(
                                "dpkg-deb",
                                "--field",
                                site.archives().resolve(deb.fileName()).toString()))
                        .text()
                + "\n";
    }

    /**
     * A local archive has all package files in one directory. An archive may override section and priority, and dpkg
     * would write that down; a lock file does not know it.
     */
    private String relocated(String stanza, Deb deb) {
        StringBuilder text = new StringBuilder();
        stanza.lines()
                .filter(line -> !line.matches("(Filename|Size|SHA256|MD5sum|SHA1|SHA512|Section|Priority): .*"))
                .forEach(line -> text.append(line).append('\n'));
        return text.append("Filename: ./")
                .append(deb.fileName())
                .append("\nSize: ")
                .append(size(deb))
                .append('\n')
                .toString();
    }

    /** apt takes a file that is there already for the package when it has the right size. */
    private long size(Deb deb) {
        try {
            return Files.size(site.archives().resolve(deb.fileName()));
        } catch (IOException e) {
            throw Failure.io("read the package file", site.archives().resolve(deb.fileName()), e);
        }
    }
}
