package dev.nbroot.profile;

import java.util.ArrayList;
import java.util.List;
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
 *   filename: tools.list
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

    /** Copies the collections. */
    public AptSource {
        options = new TreeMap<>(options);
        components = List.copyOf(components);
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
