package dev.nbroot.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ListingTest {
    private static final SipHash HASH = new SipHash(new byte[16]);

    private static Listing listing(List<String> names) {
        Listing.Builder builder = new Listing.Builder(HASH);
        ByteBuffer entry = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());
        for (String name : names) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            entry.putLong(0, name.hashCode());
            entry.putShort(16, (short) (19 + bytes.length + 1));
            entry.put(19, bytes);
            entry.put(19 + bytes.length, (byte) 0);
            builder.add(entry, 19 + bytes.length + 1);
        }
        return builder.build(new Attributes(), 0);
    }

    private static String name(Listing listing, int index) {
        return new String(listing.names(), listing.nameAt(index), listing.nameLength(index), StandardCharsets.UTF_8);
    }

    private static List<String> names(int count) {
        List<String> names = new ArrayList<>(List.of(".", ".."));
        for (int i = 0; i < count; i++) {
            names.add("file" + i);
        }
        return names;
    }

    @Test
    void givesEveryNameOnceWithItsNumber() {
        List<String> names = names(5000);
        Listing listing = listing(names);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < listing.size(); i++) {
            String name = name(listing, i);
            assertThat(seen.add(name)).isTrue();
            assertThat(listing.fileId(i)).isEqualTo(name.hashCode());
            assertThat(listing.after(listing.cookie(i))).isEqualTo(i + 1);
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(names);
        assertThat(name(listing, 0)).isEqualTo(".");
        assertThat(name(listing, 1)).isEqualTo("..");
        assertThat(listing.after(0)).isZero();
    }

    @Test
    void aCookieMeansTheSamePlaceWhenTheDirectoryChanged() {
        Listing before = listing(names(1000));
        List<String> changed = names(1000);
        int middle = 500;
        Set<String> rest = new HashSet<>();
        for (int i = middle + 1; i < before.size(); i++) {
            rest.add(name(before, i));
        }
        for (int i = 0; i < 300; i++) {
            changed.remove("file" + 3 * i);
            changed.add("new" + i);
        }
        rest.retainAll(changed);
        Listing after = listing(changed);
        Set<String> seen = new HashSet<>();
        for (int i = after.after(before.cookie(middle)); i < after.size(); i++) {
            seen.add(name(after, i));
        }
        assertThat(seen).containsAll(rest);
        seen.removeIf(name -> name.startsWith("new"));
        assertThat(seen).isEqualTo(rest);
    }
}
