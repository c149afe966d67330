package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What has become different in a tree since it was listed. Each change of a file, its owner or mode makes
 * its ctime newer, which nobody can set back (inode(7)); what was deleted shows in its directory.
 *
 * @param site whose tree
 * @param before what it had then
 */
record ChangedFiles(BuildSite site, TreeListing before) {
    private static final String DIRECTORY = "d";

    /** Less than what mark.sh waits, more than the two clocks' rounding. */
    private static final long TICK_MILLIS = 5;

    /** {@return a file that is newer than all there is now, and older than all that will be changed} */
    static Path mark(BuildSite site, String name) {
        Path mark = site.work().resolve(name);
        try {
            Files.writeString(clock(mark), Long.toString(sinceMonotonic()));
        } catch (IOException e) {
            throw Failure.io("write", clock(mark), e);
        }
        site.script("mark.sh", mark.toString());
        return mark;
    }

    private static Path clock(Path mark) {
        return mark.resolveSibling(mark.getFileName() + ".clock");
    }

    /** Only a clock that is set changes it; one that is slewed takes the monotonic one with it (adjtimex(2)). */
    private static long sinceMonotonic() {
        return System.currentTimeMillis() - System.nanoTime() / 1_000_000;
    }

    /** {@return whether the clock has not been set back since a mark was made: then what changed would look older} */
    static boolean isSteady(Path mark) {
        try {
            return sinceMonotonic() - Long.parseLong(Files.readString(clock(mark))) > -TICK_MILLIS;
        } catch (IOException e) {
            throw Failure.io("read", clock(mark), e);
        }
    }

    /**
     * {@return a line for each change, telling what is there now; absent when that cannot be told}
     *
     * @param mark from {@link #mark}, made when the tree had been listed
     * @param matters whether a path, relative to the tree, is looked at
     */
    Optional<List<String>> since(Path mark, Predicate<String> matters) {
        Optional<List<String>> found = paths(site, mark);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        TreeSet<String> lines = new TreeSet<>();
        try {
            for (String line : found.get()) {
                String path = line.substring(2);
                if (line.startsWith(DIRECTORY)) {
                    directory(path, matters, lines);
                } else if (matters.test(path)) {
                    lines.add(describe(path));
                }
            }
        } catch (IOException e) {
            throw Failure.io("look for changes in", site.tree(), e);
        }
        return Optional.of(List.copyOf(lines));
    }

    /**
     * {@return type and path of everything that changed, as in {@code f etc/hosts}; absent for names that have line ends,
     * and when the clock was set back meanwhile}
     */
    static Optional<List<String>> paths(BuildSite site, Path mark) {
        Commands.Result found =
                site.ask("changed-since.sh", List.of(0, 9), site.tree().toString(), mark.toString());
        return found.status() == 0 && isSteady(mark)
                ? Optional.of(
                        found.lines().stream().filter(line -> line.length() > 2).toList())
                : Optional.empty();
    }

    private void directory(String path, Predicate<String> matters, TreeSet<String> lines) throws IOException {
        Path now = site.reachable().resolve(path);
        Optional<List<String>> children = before.in(path);
        if (children.isEmpty()) {
            // A directory that was moved here has children that look old.
            try (Stream<Path> walk = Files.walk(now)) {
                for (Path each : walk.toList()) {
                    String inside = site.reachable().relativize(each).toString();
                    if (matters.test(inside)) {
                        lines.add(describe(inside));
                    }
                }
            }
            return;
        }
        if (matters.test(path + "/")) {
            lines.add(describe(path));
        }
        for (String child : children.get()) {
            if (matters.test(child) && !Files.exists(site.reachable().resolve(child), LinkOption.NOFOLLOW_LINKS)) {
                lines.add("deleted " + child);
            }
        }
    }

    private String describe(String path) throws IOException {
        Path file = site.reachable().resolve(path);
        Map<String, Object> attributes = Files.readAttributes(file, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
        String content = Files.isSymbolicLink(file)
                ? Files.readSymbolicLink(file).toString()
                : Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Sha256.of(file) : "";
        return path + " " + Integer.toOctalString((Integer) attributes.get("mode")) + " " + attributes.get("uid") + ":"
                + attributes.get("gid") + " " + content;
    }
}
