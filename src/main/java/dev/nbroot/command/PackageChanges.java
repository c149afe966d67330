package dev.nbroot.command;

import dev.nbroot.build.DebianVersion;
import dev.nbroot.build.DpkgPackage;
import dev.nbroot.state.Manifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Compares the packages of two generations: versions from the manifests, sizes from the trees' dpkg databases. */
final class PackageChanges {
    private final Map<Key, String> before;
    private final Map<Key, String> after;
    private final Map<Key, Long> sizesBefore;
    private final Map<Key, Long> sizesAfter;
    private final List<DiffOutcome.PackageChange> added = new ArrayList<>();
    private final List<DiffOutcome.PackageChange> removed = new ArrayList<>();
    private final List<DiffOutcome.PackageChange> upgraded = new ArrayList<>();
    private final List<DiffOutcome.PackageChange> downgraded = new ArrayList<>();

    private record Key(String name, String architecture) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int order = name.compareTo(other.name);
            return order == 0 ? architecture.compareTo(other.architecture) : order;
        }
    }

    private PackageChanges(
            Map<Key, String> before, Map<Key, String> after, Map<Key, Long> sizesBefore, Map<Key, Long> sizesAfter) {
        this.before = before;
        this.after = after;
        this.sizesBefore = sizesBefore;
        this.sizesAfter = sizesAfter;
    }

    static DiffOutcome.Packages between(
            Manifest before, List<DpkgPackage> inOld, Manifest after, List<DpkgPackage> inNew) {
        return compared(new PackageChanges(versions(before), versions(after), sizes(inOld), sizes(inNew)));
    }

    private static DiffOutcome.Packages compared(PackageChanges changes) {
        TreeMap<Key, String> all = new TreeMap<>(changes.before);
        all.putAll(changes.after);
        all.keySet().forEach(changes::compare);
        return new DiffOutcome.Packages(changes.added, changes.removed, changes.upgraded, changes.downgraded);
    }

    /** {@return what differs by the trees' databases alone} */
    static DiffOutcome.Packages between(List<DpkgPackage> before, List<DpkgPackage> after) {
        return compared(new PackageChanges(versions(before), versions(after), sizes(before), sizes(after)));
    }

    private static Map<Key, String> versions(List<DpkgPackage> packages) {
        Map<Key, String> versions = new HashMap<>();
        packages.forEach(one -> versions.put(new Key(one.name(), one.architecture()), one.version()));
        return versions;
    }

    private static Map<Key, String> versions(Manifest manifest) {
        Map<Key, String> versions = new HashMap<>();
        manifest.packages().forEach(one -> versions.put(new Key(one.name(), one.architecture()), one.version()));
        return versions;
    }

    private static Map<Key, Long> sizes(List<DpkgPackage> packages) {
        Map<Key, Long> sizes = new HashMap<>();
        packages.forEach(one ->
                one.installedBytes().ifPresent(bytes -> sizes.put(new Key(one.name(), one.architecture()), bytes)));
        return sizes;
    }

    private void compare(Key key) {
        Optional<String> from = Optional.ofNullable(before.get(key));
        Optional<String> to = Optional.ofNullable(after.get(key));
        if (from.equals(to)) {
            return;
        }
        DiffOutcome.PackageChange change = new DiffOutcome.PackageChange(
                key.name(),
                key.architecture(),
                from,
                to,
                Optional.ofNullable(sizesBefore.get(key)),
                Optional.ofNullable(sizesAfter.get(key)));
        if (from.isEmpty()) {
            added.add(change);
        } else if (to.isEmpty()) {
            removed.add(change);
        } else if (new DebianVersion(from.get()).compareTo(new DebianVersion(to.get())) > 0) {
            downgraded.add(change);
        } else {
            upgraded.add(change);
        }
    }
}
