package dev.nbroot.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A further archive, written as one line of sources.list(5).
 *
 * <pre>{@code
 * tools:                            # the file's name, unless filename says another
 *   source: "deb [arch=amd64] http://mirror.example.org/tools $RELEASE main"
 *   key: |                          # becomes Signed-By; absent: the distribution's keys must have signed it
 *     -----BEGIN PGP PUBLIC KEY BLOCK-----
 *   filename: tools
 * }</pre>
 *
 * @param name the key in the profile
 * @param filename for {@code /etc/apt/sources.list.d} and the key ring, without {@code .list} or {@code .sources};
 *     letters, digits, {@code _ . -} (apt ignores files with other characters)
 * @param type {@code deb} or {@code deb-src}
 * @param options what stood in brackets, as in {@code arch=amd64}
 * @param uri the archive's address
 * @param suite the suite, {@code $RELEASE} replaced by {@code bootstrap.suite}; a flat archive's path ends in {@code /}
 * @param components archive areas; none for a flat archive
 * @param key an ASCII-armoured OpenPGP public key
 */
public record AptSource(
        String name,
        String filename,
        String type,
        SortedMap<String, String> options,
        String uri,
        String suite,
        List<String> components,
        Optional<String> key) {

    /**
     * The options of a line and their fields in the deb822 format, by sources.list(5). Those that switch the check of
     * signatures off are not here.
     */
    static final Map<String, String> FIELDS = Map.ofEntries(
            Map.entry("arch", "Architectures"),
            Map.entry("arch-", "Architectures-Remove"),
            Map.entry("lang", "Languages"),
            Map.entry("lang-", "Languages-Remove"),
            Map.entry("target", "Targets"),
            Map.entry("target-", "Targets-Remove"),
            Map.entry("pdiffs", "PDiffs"),
            Map.entry("by-hash", "By-Hash"),
            Map.entry("signed-by", "Signed-By"),
            Map.entry("check-valid-until", "Check-Valid-Until"),
            Map.entry("valid-until-min", "Valid-Until-Min"),
            Map.entry("valid-until-max", "Valid-Until-Max"),
            Map.entry("check-date", "Check-Date"),
            Map.entry("date-max-future", "Date-Max-Future"),
            Map.entry("inrelease-path", "InRelease-Path"),
            Map.entry("snapshot", "Snapshot"));

    /** Copies the collections. */
    public AptSource {
        options = new TreeMap<>(options);
        components = List.copyOf(components);
    }

    /**
     * {@return the source as a stanza of deb822-style sources.list(5)}
     *
     * @param signedBy the key ring inside the root that must have signed the archive, unless the profile names one
     */
    public String stanza(String signedBy) {
        SortedMap<String, String> more = new TreeMap<>();
        options.forEach((option, value) -> more.put(FIELDS.get(option), value.replace(',', ' ')));
        more.putIfAbsent("Signed-By", signedBy);
        StringBuilder stanza = new StringBuilder();
        stanza.append("Types: ").append(type).append('\n');
        stanza.append("URIs: ").append(uri).append('\n');
        stanza.append("Suites: ").append(suite).append('\n');
        if (!components.isEmpty()) {
            stanza.append("Components: ").append(String.join(" ", components)).append('\n');
        }
        more.forEach((field, value) ->
                stanza.append(field).append(": ").append(value).append('\n'));
        return stanza.toString();
    }

    /** {@return the line for sources.list(5), without its end; the key is not in it} */
    public String line() {
        List<String> words = new ArrayList<>(List.of(type));
        if (!options.isEmpty()) {
            words.add(options.entrySet().stream()
                    .map(option -> option.getKey() + "=" + option.getValue())
                    .collect(Collectors.joining(" ", "[", "]")));
        }
        words.addAll(List.of(uri, suite));
        words.addAll(components);
        return String.join(" ", words);
    }
}
