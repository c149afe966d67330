package dev.nbroot.system.tree;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A name that is not the same in two trees.
 *
 * @param before how it was; absent when it is new
 * @param after how it is; absent when it is gone
 * @param aspects what changed; empty when it is new or gone
 */
public record TreeChange(Optional<TreeEntry> before, Optional<TreeEntry> after, Set<Aspect> aspects) {
    /** What can change about a name that stays. */
    public enum Aspect {
        /** It is another kind of thing; nothing else is compared then. */
        TYPE,
        /** What a file holds. */
        CONTENT,
        /** Permission bits. */
        MODE,
        /** User or group. */
        OWNER,
        /** Where a symbolic link leads. */
        TARGET,
        /** Which device it is. */
        DEVICE,
        /** Extended attributes, such as capabilities and access control lists. */
        XATTR
    }

    /** Copies the set. */
    public TreeChange {
        EnumSet<Aspect> copy = EnumSet.noneOf(Aspect.class);
        copy.addAll(aspects);
        aspects = Collections.unmodifiableSet(copy);
    }

    /** {@return where it lies} */
    public EntryPath path() {
        return after.or(() -> before).orElseThrow().path();
    }

    static TreeChange added(TreeEntry entry) {
        return new TreeChange(Optional.empty(), Optional.of(entry), Set.of());
    }

    static TreeChange removed(TreeEntry entry) {
        return new TreeChange(Optional.of(entry), Optional.empty(), Set.of());
    }
}
