package dev.nbroot.build;

import dev.nbroot.report.Failure;
import java.util.List;

/** One step of a build, as a value: it can say what it would do, and do it. */
public sealed interface BuildStep
        permits Bootstrap,
                ChoosePackages,
                CheckTree,
                CleanTree,
                Configure,
                FindArchives,
                InstallPackages,
                MakeInitrd,
                PrepareApt,
                ReuseInitrd,
                RunHooks {

    /** {@return a stable id, as in {@code packages}} */
    String id();

    /** {@return what it does, as in "Install 31 packages"} */
    String title();

    /** {@return what it would do in detail, for {@code --dry-run}; one line each} */
    List<String> details();

    /**
     * Takes an earlier result from the cache, if that is as good as doing it.
     *
     * @return whether it did; then {@link #perform} is not needed
     */
    default boolean reuse(BuildSite site) {
        return false;
    }

    /**
     * Does it.
     *
     * @throws Failure when it cannot be done; the tree is then of no use
     */
    void perform(BuildSite site);
}
