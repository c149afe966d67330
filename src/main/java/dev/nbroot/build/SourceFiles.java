package dev.nbroot.build;

import dev.nbroot.profile.AptSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The root's own apt sources. */
final class SourceFiles {
    /** Where the keys of further archives lie in the root. */
    static final String KEYRINGS = "/etc/apt/keyrings";

    private SourceFiles() {}

    /**
     * {@return a deb822 file (sources.list(5)) for the distribution}
     *
     * @param name the file's name without its end
     * @param found what the mirror has
     * @param keyring in the root
     */
    static TreeFile distribution(String name, List<FoundArchive> found, List<String> components, String keyring) {
        Map<String, List<String>> suites = new LinkedHashMap<>();
        found.forEach(archive ->
                suites.computeIfAbsent(archive.uri(), uri -> new ArrayList<>()).add(archive.suite()));
        List<String> stanzas = new ArrayList<>();
        suites.forEach((uri, ofUri) ->
                stanzas.add("""
                Types: deb
                URIs: %s
                Suites: %s
                Components: %s
                Signed-By: %s
                """.formatted(uri, String.join(" ", ofUri), String.join(" ", components), keyring)));
        return TreeFile.of("/etc/apt/sources.list.d/" + name + ".sources", String.join("\n", stanzas));
    }

    /**
     * {@return the files of one of the profile's sources: its key, if it has one, and a deb822 stanza}
     *
     * @param keyring in the root; must have signed a source without a key of its own
     */
    static List<TreeFile> of(AptSource source, String keyring) {
        List<TreeFile> files = new ArrayList<>();
        String signedBy = keyring;
        if (source.key().isPresent()) {
            signedBy = KEYRINGS + "/" + source.filename() + ".asc";
            files.add(TreeFile.of(signedBy, source.key().get().stripTrailing() + "\n"));
        }
        files.add(TreeFile.of("/etc/apt/sources.list.d/" + source.filename() + ".sources", source.stanza(signedBy)));
        return files;
    }
}
