package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Event;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebPoolTest {
    @TempDir
    Path directory;

    private final List<Event> events = new ArrayList<>();
    private final Deb deb = new Deb("less", "1:2", "amd64", Sha256.of("content"), 7, "http://m.example.org/less.deb");
    private DebPool pool;
    private Path archives;

    @BeforeEach
    void make() throws IOException {
        pool = new DebPool(directory.resolve("cache"), events::add);
        archives = Files.createDirectory(directory.resolve("archives"));
    }

    private void add() throws IOException {
        pool.add(deb, Files.writeString(directory.resolve(deb.fileName()), "content"));
    }

    private Path kept() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("cache"))) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    @Test
    void whatWasAddedIsLinkedUnderAptsName() throws IOException {
        assertThat(pool.missing(List.of(deb))).containsExactly(deb);
        assertThat(pool.link(List.of(deb), archives)).containsExactly(deb);
        add();
        assertThat(pool.missing(List.of(deb))).isEmpty();
        assertThat(pool.link(List.of(deb), archives)).isEmpty();
        assertThat(archives.resolve("less_1%3a2_amd64.deb")).hasContent("content");
        assertThat(pool.link(List.of(deb), archives)).as("a second time").isEmpty();
    }

    @Test
    void aFileOfTheRightSizeIsNotBelieved() throws IOException {
        add();
        Files.writeString(kept(), "CONTENT");
        assertThat(pool.missing(List.of(deb))).containsExactly(deb);
        assertThat(events).singleElement().asString().contains("damaged", "less_1%3a2_amd64.deb");
        add();
        assertThat(kept()).hasContent("content");
    }

    @Test
    void theBeginningOfAFileIsNotTaken() throws IOException {
        pool.add(deb, Files.writeString(directory.resolve(deb.fileName()), "cont"));
        assertThat(pool.missing(List.of(deb))).containsExactly(deb);
        assertThat(events).isEmpty();
    }
}
