package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectionCacheTest {
    @TempDir
    Path cache;

    @Test
    void theLastAnswerIsKeptForEachRequest() throws IOException {
        Deb deb = new Deb("less", "1", "amd64", "ab", 1, "http://m.example.org/less.deb");
        Selection selection = new Selection(
                List.of(new FoundArchive("http://m.example.org", "bookworm", "cd")),
                List.of(deb),
                List.of(),
                List.of(deb),
                Map.of("ab", "Package: less\n"));
        SelectionCache one = new SelectionCache(cache, List.of("less"));
        assertThat(one.find()).isEmpty();
        one.keep(List.of("cd"), selection);
        assertThat(one.find()).contains(new SelectionCache.Entry(List.of("less"), List.of("cd"), selection));
        assertThat(new SelectionCache(cache, List.of("nano")).find()).isEmpty();
        try (Stream<Path> files = Files.list(cache.resolve("selections"))) {
            Path file = files.findFirst().orElseThrow();
            String whole = Files.readString(file);
            for (String damaged : List.of("{\"request\":", "{}", "null", "", whole.replace("less.deb", "more.deb"))) {
                Files.writeString(file, damaged);
                assertThat(one.find()).as(damaged).isEmpty();
            }
        }
    }
}
