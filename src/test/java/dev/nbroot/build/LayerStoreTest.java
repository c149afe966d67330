package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.report.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerStoreTest {
    @TempDir
    Path cache;

    private final List<Event> events = new ArrayList<>();
    private LayerStore store;

    @BeforeEach
    void make() {
        store = new LayerStore(cache, events::add);
    }

    private static LayerInputs inputs(String... lines) {
        return new LayerInputs("base", List.of(lines));
    }

    private LayerStore.Layer publish(LayerInputs inputs) throws IOException {
        Path making = store.begin(inputs);
        Files.createFile(LayerStore.Layer.archive(making));
        return store.publish(
                making, new LayerStore.Facts(inputs, making.getFileName().toString(), 7), false);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(cache.resolve("layers"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private List<String> told() {
        return events.stream().map(event -> ((Event.Notice) event).text()).toList();
    }

    @Test
    void whatWasPublishedIsFoundByEqualInputsOnly() throws IOException {
        LayerStore.Layer layer = publish(inputs("a", "b"));
        assertThat(store.find(inputs("a", "b"))).contains(layer);
        assertThat(layer.archive()).isRegularFile();
        assertThat(layer.facts().epoch()).isEqualTo(7);
        assertThat(store.find(inputs("ab"))).isEmpty();
        assertThat(store.find(inputs("b", "a"))).isEmpty();
        assertThat(store.find(new LayerInputs("packages", List.of("a", "b")))).isEmpty();
    }

    @Test
    void itIsToldWhyThereIsNone() throws IOException {
        store.find(inputs("package less 1"));
        assertThat(told()).containsExactly("no cached base layer: there is none yet");
        events.clear();
        publish(inputs("time 0", "package less 1"));
        publish(inputs("time 9", "package nano 1"));
        store.find(inputs("time 0", "package less 2"));
        assertThat(told())
                .containsExactly("no cached base layer: - package less 1", "no cached base layer: + package less 2");
    }

    @Test
    void aDamagedLayerCountsAsNone() throws IOException {
        LayerStore.Layer layer = publish(inputs("a"));
        Files.writeString(layer.file(), "{");
        assertThat(store.find(inputs("a"))).isEmpty();
        LayerStore.Layer again = publish(inputs("a"));
        assertThat(store.find(inputs("a"))).contains(again);
        store.discard(again);
        assertThat(store.find(inputs("a"))).isEmpty();
        assertThat(names()).isEmpty();
    }

    @Test
    void whatAKilledBuildLeftIsSweptAwayAndWhatALivingOneMakesStays() throws IOException {
        publish(inputs("a"));
        Path dead = Files.createDirectory(cache.resolve("layers/.making-" + Integer.MAX_VALUE + "-base-1"));
        Path living = store.begin(inputs("b"));
        assertThat(dead).doesNotExist();
        store.begin(inputs("c"));
        assertThat(living).isDirectory();
    }

    @Test
    void theLayersUsedLastAreKept() throws IOException {
        for (int i = 0; i < 9; i++) {
            LayerStore.Layer layer = publish(inputs("n " + i));
            Files.setLastModifiedTime(
                    layer.directory().resolve("used"), java.nio.file.attribute.FileTime.fromMillis(1000L * i));
        }
        publish(inputs("last"));
        assertThat(names()).hasSize(4);
        assertThat(store.find(inputs("n 8"))).isPresent();
        assertThat(store.find(inputs("n 0"))).isEmpty();
    }

    @Test
    void theLayerOfAFasterBuildStays() throws IOException {
        LayerStore.Layer first = publish(inputs("a"));
        assertThat(publish(inputs("a"))).isEqualTo(first);
        Path making = store.begin(inputs("a"));
        LayerStore.Layer fresh = store.publish(making, new LayerStore.Facts(inputs("a"), "fresh", 7), true);
        assertThat(store.find(inputs("a"))).contains(fresh);
        store.discard(first);
        assertThat(store.find(inputs("a")))
                .as("only the layer that was looked at is deleted")
                .contains(fresh);
        assertThat(names()).hasSize(1);
    }

    @Test
    void aFileWithOtherFactsCountsAsNone() throws IOException {
        LayerStore.Layer layer = publish(inputs("a"));
        for (String other :
                List.of("null", "{}", "[]", "", Files.readString(layer.file()).replace(": 7", ": 8"))) {
            Files.writeString(layer.file(), other);
            assertThat(store.find(inputs("a"))).as(other).isEmpty();
        }
    }

    @Test
    void longListsOfChangesAreCut() {
        String[] many = Stream.iterate(0, i -> i < 20, i -> i + 1)
                .map(i -> "package p" + i)
                .toArray(String[]::new);
        assertThat(inputs(many).changesSince(inputs())).hasSize(8).last().isEqualTo("and 13 more");
        assertThat(inputs("a", "b").changesSince(inputs("b", "a"))).containsExactly("the order of the inputs");
    }
}
