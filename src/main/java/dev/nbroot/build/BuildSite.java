package dev.nbroot.build;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Where a root is being made: a tree inside private namespaces, and the ways to work on it. */
final class BuildSite {
    /** The root's own volatile /run, where build-time files lie that must not stay. */
    static final Path RUN = Path.of("/run/nbroot");

    /**
     * A new session has no controlling terminal, so that nothing can ask on /dev/tty, and Ctrl-C reaches nbroot alone;
     * the caller's umask must not decide the modes of a root's files.
     */
    private static final List<String> NEW_SESSION = List.of("setsid", "--wait");

    private static final List<String> PLAIN_UMASK = List.of("sh", "-c", "umask 022 && exec \"$@\"", "sh");

    private static final String OWN_TERMINAL = """
            if [ -t 0 ] && [ -t 1 ] && command -v script >/dev/null; then
                exec script --quiet --return --command "$1" /dev/null
            fi
            shift
            exec "$@"
            """;

    private final Path work;
    private final Path tree;
    private final Namespaces.Namespace namespace;
    private final Path cache;
    private final Findings findings;
    private final NewLayers newLayers;
    private final Commands commands;
    private final Events events;

    /**
     * Makes a site.
     *
     * @param work a directory of this build, on the state's file system
     * @param tree where the root is made
     * @param cache the state's cache
     * @param findings what this build has found out; shared by its sites
     * @param newLayers what this build has made for the cache; shared by its sites
     */
    BuildSite(
            Path work,
            Path tree,
            Namespaces.Namespace namespace,
            Path cache,
            Findings findings,
            NewLayers newLayers,
            Commands commands,
            Events events) {
        this.work = work;
        this.tree = tree;
        this.namespace = namespace;
        this.cache = cache;
        this.findings = findings;
        this.newLayers = newLayers;
        this.commands = commands;
        this.events = events;
    }

    /** Makes a site for work that leaves nothing in the cache; the parameters are those above. */
    BuildSite(
            Path work,
            Path tree,
            Namespaces.Namespace namespace,
            Path cache,
            Findings findings,
            Commands commands,
            Events events) {
        this(
                work,
                tree,
                namespace,
                cache,
                findings,
                new NewLayers(new LayerStore(cache, events), false),
                commands,
                events);
    }

    /** {@return the directory of this build, on the state's file system} */
    Path work() {
        return work;
    }

    /** {@return this build's own directory of package files} */
    Path archives() {
        return work.resolve("archives");
    }

    /** {@return this build's own package lists} */
    Path lists() {
        return work.resolve("lists");
    }

    /** {@return what may be deleted at any time} */
    Path cache() {
        return cache;
    }

    /** {@return the package files that all builds share} */
    DebPool pool() {
        return new DebPool(cache, events);
    }

    /** {@return the layers that all builds share} */
    LayerStore layers() {
        return new LayerStore(cache, events);
    }

    /** {@return what this build has made for the cache} */
    NewLayers newLayers() {
        return newLayers;
    }

    /** {@return what this build has found out} */
    Findings findings() {
        return findings;
    }

    /**
     * Runs one of nbroot's own scripts on the host's side, inside the namespaces.
     *
     * @param name its file name; a copy in the work directory is what runs, so that it can be looked at
     */
    Commands.Result script(String name, String... arguments) {
        return run(invocation(name, arguments));
    }

    /** {@return the command that runs one of nbroot's own scripts on the host's side} */
    Invocation invocation(String name, String... arguments) {
        Path copy = work.resolve(name);
        try {
            Files.writeString(copy, Resource.text(name));
        } catch (IOException e) {
            throw Failure.io("write", copy, e);
        }
        List<String> argv = new ArrayList<>(List.of("sh", copy.toString()));
        argv.addAll(List.of(arguments));
        return Invocation.of(argv).labelled(name);
    }

    /** As {@link #script}, for a script whose exit status is an answer. */
    Commands.Result ask(String name, List<Integer> answers, String... arguments) {
        return run(invocation(name, arguments).accepting(answers.toArray(Integer[]::new)));
    }

    /** Runs one of nbroot's own scripts in the root. */
    Commands.Result chrootScript(String name) {
        Path copy = RUN.resolve(name);
        new TreeWriter(reachable()).write(TreeFile.of(copy.toString(), Resource.text(name)));
        return chroot(Invocation.of("sh", copy.toString()).labelled(name));
    }

    /** {@return the tree's path as commands inside the namespace see it} */
    Path tree() {
        return tree;
    }

    /** Runs a command of the host inside the namespaces. */
    Commands.Result run(Invocation invocation) {
        List<String> prefix = new ArrayList<>(PLAIN_UMASK);
        return commands.run(namespace.inside(invocation.behind(prefix)).behind(NEW_SESSION));
    }

    /**
     * {@return a command of the root as a person runs it in the root}
     *
     * <p>At a terminal it gets another one behind that (script(1)): a shell cannot use a terminal whose session began
     * outside its PID namespace, where it cannot name the processes.
     */
    Invocation attended(Invocation invocation) {
        Invocation inRoot =
                invocation.behind(List.of("chroot", tree().toString())).behind(PLAIN_UMASK);
        String line = inRoot.argv().stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" ", "exec ", ""));
        return namespace.inside(inRoot.behind(List.of("sh", "-c", OWN_TERMINAL, "sh", line)));
    }

    /** {@return the path by which this process reaches a path inside the namespaces} */
    Path outside(Path inside) {
        return namespace.path(inside);
    }

    /** Runs a command of the root in the root. What it makes is dated as the packages are, if it can be told so. */
    Commands.Result chroot(Invocation invocation) {
        return run(dated(invocation).behind(List.of("chroot", tree().toString())));
    }

    /** {@return the command with SOURCE_DATE_EPOCH set, as soon as the packages are known} */
    Invocation dated(Invocation invocation) {
        return findings.epoch() < 0
                ? invocation
                : invocation.with("SOURCE_DATE_EPOCH", Long.toString(findings.epoch()));
    }

    /** As {@link #chroot(Invocation)}. */
    Commands.Result chroot(String... argv) {
        return chroot(Invocation.of(argv));
    }

    /** {@return the path by which this process reaches a file of the tree; symbolic links are followed inside it} */
    Path file(String inside) {
        return TreePath.resolve(reachable(), Path.of(inside));
    }

    /** {@return the path by which this process reaches the tree} */
    Path reachable() {
        return namespace.path(tree());
    }

    /** {@return the command line of each process that a package or hook has left running in the tree} */
    List<String> processes() {
        return script("processes.sh", tree().toString(), "look").lines().stream()
                .map(String::strip)
                .toList();
    }

    /** {@return as {@link #processes()}, and ends them} */
    List<String> endProcesses() {
        return script("processes.sh", tree().toString(), "kill").lines().stream()
                .map(String::strip)
                .toList();
    }

    void tell(Event event) {
        events.on(event);
    }

    void warn(String text) {
        events.on(new Event.Notice(Event.Level.WARNING, text));
    }
}
