package dev.nbroot.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.system.tree.EntryPath;
import dev.nbroot.system.tree.EntryType;
import dev.nbroot.system.tree.TreeChange;
import dev.nbroot.system.tree.TreeEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RebasePlanTest {
    private static TreeChange change(String text) {
        EntryPath path = EntryPath.of(text.substring(2));
        Optional<TreeEntry> file = Optional.of(entry(path, EntryType.FILE));
        return switch (text.charAt(0)) {
            case '+' -> new TreeChange(Optional.empty(), file, Set.of());
            case '-' -> new TreeChange(file, Optional.empty(), Set.of());
            case '!' ->
                new TreeChange(Optional.of(entry(path, EntryType.DIRECTORY)), file, Set.of(TreeChange.Aspect.TYPE));
            default -> new TreeChange(file, file, Set.of(TreeChange.Aspect.CONTENT));
        };
    }

    private static TreeEntry entry(EntryPath path, EntryType type) {
        return entry(path, type, 1);
    }

    private static TreeEntry entry(EntryPath path, EntryType type, long inode) {
        return new TreeEntry(
                path,
                type,
                0644,
                0,
                0,
                1,
                new TreeEntry.Time(0, 0),
                "",
                new TreeEntry.Device(0, 0),
                Collections.emptySortedMap(),
                1,
                new TreeEntry.FileId(0, 0, inode));
    }

    private static List<TreeChange> changes(String... texts) {
        return Stream.of(texts).map(RebasePlanTest::change).toList();
    }

    /** All that the machine changed is different from the new root, but for what is named. */
    private static RebasePlan plan(List<TreeChange> machine, List<TreeChange> root, String... same) {
        List<TreeChange> left = new ArrayList<>(machine);
        left.removeIf(change -> List.of(same).contains(change.path().shown()));
        return RebasePlan.of(machine, root, left, Set.of());
    }

    private static List<String> fights(RebasePlan plan) {
        return plan.fights().stream()
                .map(fight -> fight.path().shown() + " " + fight.machine() + " " + fight.root())
                .toList();
    }

    private static List<String> paths(List<TreeChange> changes) {
        return changes.stream().map(change -> change.path().shown()).toList();
    }

    @Test
    void changesInDifferentPlacesAreCarried() {
        RebasePlan plan = plan(changes("~ /etc/motd", "+ /srv/a", "- /usr/x"), changes("~ /usr/bin/tool", "- /usr/y"));
        assertThat(plan.fights()).isEmpty();
        assertThat(paths(plan.carried())).containsExactly("/etc/motd", "/srv/a", "/usr/x");
        assertThat(plan.settled()).isEmpty();
    }

    @Test
    void onePathChangedOnBothSidesFights() {
        RebasePlan plan = plan(
                changes("~ /etc/a", "- /etc/b", "~ /etc/c", "+ /etc/d", "~ /etc/e"),
                changes("~ /etc/a", "~ /etc/b", "- /etc/c", "+ /etc/d"));
        assertThat(fights(plan))
                .containsExactly(
                        "/etc/a changed changed",
                        "/etc/b removed changed",
                        "/etc/c changed removed",
                        "/etc/d added added");
        assertThat(paths(plan.carried())).containsExactly("/etc/e");
    }

    @Test
    void theSameOnBothSidesIsSettled() {
        RebasePlan plan = plan(changes("~ /etc/a", "- /etc/b"), changes("~ /etc/a", "- /etc/b"), "/etc/a", "/etc/b");
        assertThat(plan.fights()).isEmpty();
        assertThat(plan.carried()).isEmpty();
        assertThat(paths(plan.settled())).containsExactly("/etc/a", "/etc/b");
    }

    private static TreeChange changed(String path, long inode) {
        Optional<TreeEntry> file = Optional.of(entry(EntryPath.of(path), EntryType.FILE, inode));
        return new TreeChange(file, file, Set.of(TreeChange.Aspect.CONTENT));
    }

    /** The machine's layer has /a only, and knows of /b that it is the same file. */
    @Test
    void anotherNameOfOneFileIsSettledWhereItIsTheSameFileOnBothSides() {
        List<TreeChange> mine = List.of(changed("/a", 1), changed("/b", 1));
        Set<EntryPath> elsewhere = Set.of(EntryPath.of("/b"));
        RebasePlan linked = RebasePlan.of(mine, List.of(changed("/a", 2), changed("/b", 2)), List.of(), elsewhere);
        assertThat(paths(linked.settled())).containsExactly("/a", "/b");
        assertThat(linked.fights()).isEmpty();

        RebasePlan apart = RebasePlan.of(mine, List.of(changed("/a", 2), changed("/b", 3)), List.of(), elsewhere);
        assertThat(paths(apart.settled())).containsExactly("/a");
        assertThat(fights(apart)).containsExactly("/b changed changed");

        RebasePlan one = RebasePlan.of(mine, List.of(changed("/b", 3)), List.of(mine.get(0)), elsewhere);
        assertThat(paths(one.carried())).containsExactly("/a");
        assertThat(fights(one)).containsExactly("/b changed changed");
    }

    @Test
    void aDirectoryThatTheOtherSideHasNoMoreFights() {
        assertThat(fights(plan(changes("+ /opt/x/mine"), changes("- /opt/x", "- /opt/x/old"))))
                .containsExactly("/opt/x/mine added removed the directory it is in");
        assertThat(fights(plan(changes("~ /opt/x/y/mine"), changes("! /opt/x"))))
                .containsExactly("/opt/x/y/mine changed removed the directory it is in");
        assertThat(fights(plan(changes("- /opt/x", "- /opt/x/old"), changes("+ /opt/x/new"))))
                .containsExactly("/opt/x/new removed the directory it is in added");
        assertThat(plan(changes("- /opt/x", "- /opt/x/old"), changes("- /opt/x/old"), "/opt/x/old")
                        .fights())
                .isEmpty();
        // A name that only begins alike is another one.
        assertThat(plan(changes("+ /opt/xy/mine"), changes("- /opt/x")).fights())
                .isEmpty();
    }

    @Test
    void thePackageDatabaseIsOneThing() {
        RebasePlan plan = plan(
                changes("+ /usr/bin/less", "+ /var/lib/dpkg/info/less.list", "~ /var/lib/dpkg/status"),
                changes("~ /usr/bin/ssl", "~ /var/lib/dpkg/info/ssl.md5sums", "~ /var/lib/dpkg/status"));
        assertThat(fights(plan)).containsExactly("/var/lib/dpkg other packages other packages");
        assertThat(plan(changes("+ /var/lib/dpkg/info/less.list"), changes("~ /var/lib/dpkg/status"))
                        .fights())
                .as("even when no file of it was changed by both")
                .hasSize(1);
    }

    @Test
    void thePackageDatabaseOfOneSideIsCarried() {
        RebasePlan plan = plan(
                changes("+ /var/lib/dpkg/info/less.list", "~ /var/lib/dpkg/status"),
                changes("~ /etc/motd", "~ /var/lib/dpkg/lock"));
        assertThat(plan.fights()).isEmpty();
        assertThat(plan.carried()).hasSize(2);
        assertThat(plan(changes("~ /etc/mine"), changes("~ /var/lib/dpkg/status"))
                        .fights())
                .isEmpty();
    }

    @Test
    void theSamePackagesOnBothSidesDoNotFight() {
        RebasePlan plan =
                plan(changes("~ /var/lib/dpkg/status"), changes("~ /var/lib/dpkg/status"), "/var/lib/dpkg/status");
        assertThat(plan.fights()).isEmpty();
        assertThat(plan.settled()).hasSize(1);
    }
}
