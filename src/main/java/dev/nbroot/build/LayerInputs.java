package dev.nbroot.build;

import dev.nbroot.system.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Exactly what decides a layer, as data that can be compared.
 *
 * @param kind {@code base}, {@code packages} or {@code initrd}
 * @param lines one for each input, in a fixed order; a file is in it by its hash
 */
record LayerInputs(String kind, List<String> lines) {
    private static final int SHOWN = 8;

    LayerInputs {
        lines = List.copyOf(lines);
    }

    /** {@return 64 hexadecimal digits; equal for equal inputs only} */
    String key() {
        MessageDigest digest = Sha256.digest();
        for (String line : lines) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + "\n").getBytes(StandardCharsets.US_ASCII));
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** {@return how many lines two lists of inputs do not share} */
    int distance(LayerInputs other) {
        return minus(other).size() + other.minus(this).size();
    }

    /** {@return the lines by which these differ from older ones, the older with {@code -}, at most eight} */
    List<String> changesSince(LayerInputs older) {
        List<String> changes = new ArrayList<>();
        older.minus(this).forEach(line -> changes.add("- " + line));
        minus(older).forEach(line -> changes.add("+ " + line));
        if (changes.isEmpty()) {
            return List.of("the order of the inputs");
        }
        if (changes.size() > SHOWN) {
            int left = changes.size() - SHOWN + 1;
            changes.subList(SHOWN - 1, changes.size()).clear();
            changes.add("and " + left + " more");
        }
        return changes;
    }

    private Set<String> minus(LayerInputs other) {
        Set<String> own = new LinkedHashSet<>(lines);
        other.lines.forEach(own::remove);
        return own;
    }
}
