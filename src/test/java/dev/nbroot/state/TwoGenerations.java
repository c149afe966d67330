package dev.nbroot.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A root {@code sample} with two small generations: less came, nano went, openssl was upgraded, tzdata downgraded; and by
 * hand a message was written, a file grew, one was changed in place, one closed, a link turned, a directory came.
 */
public final class TwoGenerations {
    private static final Map<String, Integer> SIZES = Map.of(
            "less 590-2", 312,
            "nano 7.2-1", 2901,
            "openssl 3.0.15-1", 2249,
            "openssl 3.0.16-1", 2261,
            "tzdata 2025a-0", 2400,
            "tzdata 2025b-0", 2400,
            "dash 1-1", 190);

    private final SampleState state;

    private TwoGenerations(SampleState state) {
        this.state = state;
    }

    /** Makes them. */
    public static void in(Path directory) throws IOException {
        TwoGenerations made = new TwoGenerations(new SampleState(directory));
        made.first();
        made.second();
    }

    private void first() throws IOException {
        Generation generation =
                publish(Map.of("nano", "7.2-1", "openssl", "3.0.15-1", "tzdata", "2025b-0", "dash", "1-1"));
        Path tree = generation.tree();
        Files.writeString(tree.resolve("usr/bin/nano"), "nano");
        Files.writeString(tree.resolve("usr/bin/openssl"), "openssl 3.0.15");
        Files.writeString(tree.resolve("usr/share/zoneinfo"), "2025b");
        Files.writeString(tree.resolve("etc/grows"), "12345");
        Files.writeString(tree.resolve("etc/in-place"), "one");
        Files.writeString(tree.resolve("etc/closed"), "secret");
        Files.createSymbolicLink(tree.resolve("etc/turned"), Path.of("here"));
        settle(tree);
    }

    private void second() throws IOException {
        Generation generation =
                publish(Map.of("less", "590-2", "openssl", "3.0.16-1", "tzdata", "2025a-0", "dash", "1-1"));
        Path tree = generation.tree();
        Files.writeString(tree.resolve("usr/bin/less"), "less");
        Files.writeString(tree.resolve("usr/bin/openssl"), "openssl 3.0.16");
        Files.writeString(tree.resolve("usr/share/zoneinfo"), "2025a");
        Files.writeString(tree.resolve("etc/grows"), "1234567");
        Files.writeString(tree.resolve("etc/in-place"), "two");
        Files.writeString(tree.resolve("etc/closed"), "secret");
        Files.createSymbolicLink(tree.resolve("etc/turned"), Path.of("there"));
        Files.writeString(tree.resolve("etc/motd"), "hello\n");
        Files.createDirectories(tree.resolve("opt/tool/bin"));
        Files.writeString(tree.resolve("opt/tool/bin/tool"), "#!/bin/sh\n");
        // A hook that wrote over a package's file, of the same size and with the same time.
        Files.writeString(tree.resolve("usr/bin/dash"), "DASH");
        settle(tree);
        Files.setAttribute(tree.resolve("etc/closed"), "unix:mode", 0600);
    }

    private Generation publish(Map<String, String> packages) throws IOException {
        Generation generation = state.publish("sample");
        Path tree = generation.tree();
        Manifest made = state.files().manifest(generation);
        Files.writeString(tree.resolve("usr/bin/tool"), "tool\n");
        Files.createDirectories(tree.resolve("usr/share"));
        Files.createDirectories(tree.resolve("var/lib/dpkg/info"));
        Files.createDirectories(tree.resolve("opt"));
        Files.createSymbolicLink(tree.resolve("bin"), Path.of("usr/bin"));
        Files.writeString(tree.resolve("usr/bin/dash"), "dash");
        StringBuilder status = new StringBuilder();
        List<String> names = packages.keySet().stream().sorted().toList();
        for (String name : names) {
            status.append("Package: ").append(name).append("\nStatus: install ok installed\nInstalled-Size: ");
            status.append(SIZES.get(name + " " + packages.get(name)))
                    .append("\nVersion: ")
                    .append(packages.get(name));
            status.append("\nArchitecture: amd64\n\n");
            // As in a tree with a merged /usr.
            String file = name.equals("tzdata") ? "/usr/share/zoneinfo" : "/bin/" + name;
            Files.writeString(
                    tree.resolve("var/lib/dpkg/info").resolve(name + ".list"),
                    "/.\n/etc\n/usr\n/usr/bin\n" + file + "\n");
        }
        Files.writeString(tree.resolve("var/lib/dpkg/status"), status);
        state.files()
                .write(
                        generation.manifest(),
                        new Manifest(
                                made.name(),
                                made.generation(),
                                made.created(),
                                made.nbroot(),
                                made.suite(),
                                made.architecture(),
                                made.kernel(),
                                made.generator(),
                                made.inputs(),
                                made.boot(),
                                made.hashes(),
                                names.stream()
                                        .map(name -> new Manifest.InstalledPackage(name, packages.get(name), "amd64"))
                                        .toList(),
                                made.steps(),
                                made.profile(),
                                made.origin()));
        return generation;
    }

    /** The same modes whatever the umask, and the same times: they must not be what tells files apart. */
    private static void settle(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.toList()) {
                if (!Files.isSymbolicLink(path)) {
                    Files.setAttribute(path, "unix:mode", Files.isDirectory(path) ? 0755 : 0644);
                    Files.setAttribute(
                            path,
                            "lastModifiedTime",
                            FileTime.fromMillis(1_700_000_000_000L),
                            LinkOption.NOFOLLOW_LINKS);
                }
            }
        }
    }
}
