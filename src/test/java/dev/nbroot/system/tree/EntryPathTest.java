package dev.nbroot.system.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryPathTest {
    @Test
    void aDirectoryIsFollowedByWhatIsInIt() {
        List<EntryPath> sorted = List.of("", "a", "a/b", "a/b/c", "a-b", "a.b", "ab", "\u00e9").stream()
                .map(EntryPath::of)
                .toList();
        assertThat(sorted.stream().sorted().toList()).isEqualTo(sorted);
    }

    @ParameterizedTest
    @CsvSource({
        "/etc/motd, ./etc/motd, /etc/motd",
        "'/a b', './a\\040b', '/a b'",
        "/\u00e9, ./\\303\\251, /\u00e9",
        "'/a\nb', './a\\012b', '/a\\012b'",
        "'/a=#\\', './a\\075\\043\\134', '/a=#\\'",
    })
    void itIsWrittenForMachinesAndForPeople(String path, String escaped, String shown) {
        assertThat(EntryPath.of(path).escaped()).isEqualTo(escaped);
        assertThat(EntryPath.of(path).shown()).isEqualTo(shown);
    }

    @Test
    void whatIsNoTextIsEscaped() {
        assertThat(new EntryPath("a\u00ff").shown()).isEqualTo("/a\\377");
    }

    @Test
    void theTopHasAPathToo() {
        assertThat(EntryPath.TOP.escaped()).isEqualTo(".");
        assertThat(EntryPath.TOP.shown()).isEqualTo("/");
        assertThat(EntryPath.TOP.child("usr").child("bin").shown()).isEqualTo("/usr/bin");
    }
}
