package dev.nbroot.client;

import dev.nbroot.report.Failure;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.OverlayMount;
import dev.nbroot.system.tree.EntryType;
import dev.nbroot.system.tree.TreeChange;
import dev.nbroot.system.tree.TreeEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/**
 * Two views, mounted side by side in a private namespace, so that changes of the one can be copied into the other. Through
 * the views and not from layer to layer: the kernel keeps records in a layer that fit only where it was made.
 */
final class Transplant implements AutoCloseable {
    /** Names end in a zero byte, because they may have any other; tar must not follow links, nor take what is below. */
    private static final String COPY = """
            cd "$1" && tar --create --no-recursion --null --files-from="$3" --format=posix --sparse --numeric-owner \\
                --xattrs --xattrs-include='*' --warning=no-file-ignored || : >"$4"
            """;

    private static final String PASTE = """
            tar --extract --directory="$2" --preserve-permissions --same-owner --numeric-owner --xattrs \\
                --xattrs-include='*' --warning=no-timestamp --delay-directory-restore
            """;

    private final Namespaces.Namespace namespace;
    private final Commands commands;
    private final Path scratch;

    private Transplant(Namespaces.Namespace namespace, Commands commands, Path scratch) {
        this.namespace = namespace;
        this.commands = commands;
        this.scratch = scratch;
    }

    /**
     * Mounts both views. Until this is closed, nobody else can open either of them.
     *
     * @param scratch an empty directory
     * @throws Failure of kind {@code COMMAND} when a view cannot be mounted
     */
    static Transplant open(Namespaces namespaces, Commands commands, OverlayMount from, OverlayMount to, Path scratch) {
        Namespaces.Namespace namespace = namespaces.open();
        Transplant transplant = new Transplant(namespace, commands, scratch);
        try {
            Files.createDirectory(transplant.from());
            Files.createDirectory(transplant.to());
            transplant.run(from.mounting(transplant.from()));
            transplant.run(to.mounting(transplant.to()));
            return transplant;
        } catch (IOException e) {
            namespace.close();
            throw Failure.io("make a directory in", scratch, e);
        } catch (Failure failure) {
            namespace.close();
            throw failure;
        }
    }

    private Path from() {
        return scratch.resolve("from");
    }

    private Path to() {
        return scratch.resolve("to");
    }

    /** {@return the path by which this process reaches the old view} */
    Path source() {
        return namespace.path(from());
    }

    /** {@return the path by which this process reaches the new view} */
    Path target() {
        return namespace.path(to());
    }

    /**
     * Makes changes of the old view in the new one.
     *
     * @param changes sorted by path; what they were found against must be there in the new view too
     */
    void copy(List<TreeChange> changes) {
        List<TreeChange> leaving = new ArrayList<>(changes);
        leaving.removeIf(
                change -> change.after().isPresent() && !change.aspects().contains(TreeChange.Aspect.TYPE));
        // What is in a directory goes before it.
        Collections.reverse(leaving);
        remove(leaving, entry -> entry.type() != EntryType.DIRECTORY, List.of("rm", "-f", "--"));
        remove(leaving, entry -> entry.type() == EntryType.DIRECTORY, List.of("rmdir", "--"));
        List<TreeEntry> coming =
                changes.stream().flatMap(change -> change.after().stream()).toList();
        // tar knows no sockets. They come first, because each changes its directory's time.
        for (TreeEntry socket : coming) {
            if (socket.type() == EntryType.SOCKET) {
                each(
                        List.of(socket),
                        List.of("cp", "--archive", "--parents", "--target-directory=" + to(), "--"),
                        from());
            }
        }
        paste(coming.stream().filter(entry -> entry.type() != EntryType.SOCKET).toList());
    }

    /** Has everything on disk. */
    void sync() {
        run(Invocation.of("sync", "--file-system", to().toString()));
    }

    private void remove(List<TreeChange> leaving, Predicate<TreeEntry> kind, List<String> command) {
        List<TreeEntry> entries = leaving.stream()
                .flatMap(change -> change.before().stream())
                .filter(kind)
                .toList();
        each(entries, command, to());
    }

    private void each(List<TreeEntry> entries, List<String> command, Path directory) {
        if (entries.isEmpty()) {
            return;
        }
        List<String> argv = new ArrayList<>(List.of("xargs", "--null", "--arg-file=" + list(entries)));
        argv.addAll(command);
        run(Invocation.of(argv).in(directory));
    }

    private void paste(List<TreeEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        Path failed = scratch.resolve("failed");
        run(Invocation.of(
                        "sh",
                        "-c",
                        "{ " + COPY + "} | { " + PASTE + "} && test ! -e \"$4\"",
                        "sh",
                        from().toString(),
                        to().toString(),
                        list(entries).toString(),
                        failed.toString())
                .labelled("tar"));
    }

    private Path list(List<TreeEntry> entries) {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        for (TreeEntry entry : entries) {
            String name =
                    entry.path().bytes().isEmpty() ? "." : "./" + entry.path().bytes();
            names.writeBytes((name + '\0').getBytes(StandardCharsets.ISO_8859_1));
        }
        Path list = scratch.resolve("list");
        try {
            return Files.write(list, names.toByteArray());
        } catch (IOException e) {
            throw Failure.io("write", list, e);
        }
    }

    private void run(Invocation invocation) {
        commands.run(namespace.inside(invocation).behind(List.of("setsid", "--wait")));
    }

    @Override
    public void close() {
        namespace.close();
    }
}
