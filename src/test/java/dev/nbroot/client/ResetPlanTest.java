package dev.nbroot.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.system.tree.EntryPath;
import dev.nbroot.system.tree.EntryType;
import dev.nbroot.system.tree.TreeChange;
import dev.nbroot.system.tree.TreeEntry;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResetPlanTest {
    private static final List<TreeChange> DELTA = List.of(
            changed("/etc/motd"),
            added("/etc/motd.d"),
            added("/etc/motd.d/a"),
            removed("/opt/x"),
            removed("/opt/x/a"),
            removed("/opt/x/b"));

    private static TreeChange added(String path) {
        return new TreeChange(Optional.empty(), Optional.of(entry(path)), Set.of());
    }

    private static TreeChange removed(String path) {
        return new TreeChange(Optional.of(entry(path)), Optional.empty(), Set.of());
    }

    private static TreeChange changed(String path) {
        return new TreeChange(Optional.of(entry(path)), Optional.of(entry(path)), Set.of(TreeChange.Aspect.CONTENT));
    }

    private static TreeEntry entry(String path) {
        return new TreeEntry(
                EntryPath.of(path),
                EntryType.FILE,
                0644,
                0,
                0,
                1,
                new TreeEntry.Time(0, 0),
                "",
                new TreeEntry.Device(0, 0),
                Collections.emptySortedMap(),
                1,
                new TreeEntry.FileId(0, 0, 1));
    }

    private static List<String> dropped(String... paths) {
        Set<EntryPath> wanted = Stream.of(paths).map(EntryPath::of).collect(Collectors.toSet());
        ResetPlan plan = ResetPlan.of(DELTA, wanted);
        assertThat(plan.dropped().size() + plan.kept().size()).isEqualTo(DELTA.size());
        return plan.dropped().stream().map(change -> change.path().shown()).toList();
    }

    @Test
    void noPathMeansEverything() {
        assertThat(dropped()).hasSize(DELTA.size());
    }

    @Test
    void aPathIsItselfAndWhatIsBelow() {
        assertThat(dropped("/etc/motd")).containsExactly("/etc/motd");
        assertThat(dropped("/etc/motd.d")).containsExactly("/etc/motd.d", "/etc/motd.d/a");
        assertThat(dropped("/etc")).containsExactly("/etc/motd", "/etc/motd.d", "/etc/motd.d/a");
        assertThat(dropped("/")).hasSize(DELTA.size());
        assertThat(dropped("/usr")).isEmpty();
    }

    @Test
    void whatIsBroughtBackNeedsItsDirectoryAndNotItsNeighbours() {
        assertThat(dropped("/opt/x/a")).containsExactly("/opt/x", "/opt/x/a");
    }

    @Test
    void whatTookADirectorysPlaceGoesToo() {
        TreeChange turned = new TreeChange(
                Optional.of(entry("/srv/t")), Optional.of(entry("/srv/t")), Set.of(TreeChange.Aspect.TYPE));
        ResetPlan plan = ResetPlan.of(List.of(turned, removed("/srv/t/a")), Set.of(EntryPath.of("/srv/t/a")));
        assertThat(plan.kept()).isEmpty();
    }

    @Test
    void aNewDirectoryStaysWhenOnlyAFileInItGoes() {
        assertThat(dropped("/etc/motd.d/a")).containsExactly("/etc/motd.d/a");
    }
}
