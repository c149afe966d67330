package dev.nbroot.build;

import dev.nbroot.profile.AptSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The root's own apt sources. */
final class SourceFiles {
    private SourceFiles() {}

    /**
     * {@return a deb822 file (sources.list(5)) for the distribution}
     *
     * @param name the file's name without its end
     * @param found addresses and suites, as in {@code http://mirror.example.org/debian bookworm}
     * @param keyring in the root
     */
    static TreeFile distribution(String name, List<String> found, List<String> components, String keyring) {
        Map<String, List<String>> suites = new LinkedHashMap<>();
        for (String line : found) {
            String[] words = line.split(" ");
            suites.computeIfAbsent(words[0], uri -> new ArrayList<>()).add(words[1]);
        }
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
     * {@return the files of one of the profile's sources: its key, if it has one, and its line}
     *
     * @param keyring in the root; must have signed a source without a key of its own
     */
    static List<TreeFile> of(AptSource source, String keyring) {
        List<TreeFile> files = new ArrayList<>();
        String signedBy = keyring;
        if (source.key().isPresent()) {
            signedBy = "/etc/apt/keyrings/" + source.filename() + ".asc";
            files.add(TreeFile.of(signedBy, source.key().get().stripTrailing() + "\n"));
        }
        Map<String, String> options = new TreeMap<>(source.options());
        options.putIfAbsent("signed-by", signedBy);
        AptSource signed = new AptSource(
                source.name(),
                source.filename(),
                source.type(),
                new TreeMap<>(options),
                source.uri(),
                source.suite(),
                source.components(),
                source.key());
        files.add(TreeFile.of("/etc/apt/sources.list.d/" + source.filename() + ".list", signed.line() + "\n"));
        return files;
    }
}
