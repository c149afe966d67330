package dev.nbroot.state;

import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Sha256;
import java.util.Optional;

/**
 * The one writable tree of a root with {@code boot.mode: shared}. It is kept as a client's view is, under a card that no
 * machine can have: the group bit of its address is set (IEEE 802, 48-bit addresses), and the rest is the root's name.
 */
public final class SharedTree {
    /** The boot.mode of such a root. */
    public static final String MODE = ClientMode.SHARED.word();

    private static final String SPOKEN = "shared:";

    private SharedTree() {}

    /** {@return what stands for the tree of a root where requests have a machine's card} */
    public static String spoken(String root) {
        return SPOKEN + root;
    }

    /** {@return the root whose tree is meant; empty when a card is} */
    public static Optional<String> meantBy(String machine) {
        return machine.startsWith(SPOKEN) ? Optional.of(machine.substring(SPOKEN.length())) : Optional.empty();
    }

    /** {@return what stands for a machine's card} */
    public static MacAddress card(String root) {
        String digest = Sha256.of(root);
        StringBuilder text = new StringBuilder("03");
        for (int i = 0; i < 5; i++) {
            text.append('-').append(digest, 2 * i, 2 * i + 2);
        }
        return new MacAddress(text.toString());
    }
}
