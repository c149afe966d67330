package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.system.TreePath;
import dev.nbroot.system.tree.EntryPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which package a tree's file came with: dpkg's {@code info/*.list}, and what packages make of their own files. */
public final class FileOwners {
    private static final Path INFO = Path.of("/var/lib/dpkg/info");
    private static final String SHARED = "";

    /** What dpkg keeps about a package: {@code libc6:amd64.list}, {@code dash.postinst}. */
    private static final Pattern RECORD =
            Pattern.compile("var/lib/dpkg/info/(?<name>[a-z0-9][a-z0-9.+-]*?)(:[a-z0-9-]+)?\\.[a-z]+");

    /** What python3's byte compiler makes of a module: {@code __pycache__/os.cpython-311.pyc}. */
    private static final Pattern COMPILED = Pattern.compile("(?<directory>.*/)__pycache__/(?<module>[^/.]+)\\.[^/]+");

    /** What depmod(8) makes beside the kernel's modules. */
    private static final Pattern MODULES = Pattern.compile("(?<directory>(usr/)?lib/modules/[^/]+/)modules\\.[^/]+");

    private final Map<String, String> owners = new HashMap<>();

    private FileOwners() {}

    /** {@return the owners in a tree; nobody when it has no dpkg database} */
    public static FileOwners of(Path tree) {
        return of(tree, tree);
    }

    /**
     * {@return the owners by the records in an overlay's upper layer: of packages that came or changed there}
     *
     * @param upper the layer
     * @param lower the tree below, which says where {@code /bin} is
     */
    public static FileOwners ofLayer(Path upper, Path lower) {
        return of(upper, lower);
    }

    private static FileOwners of(Path tree, Path whole) {
        FileOwners owners = new FileOwners();
        Path info = TreePath.resolve(tree, INFO);
        if (!Files.isDirectory(info)) {
            return owners;
        }
        try {
            Map<String, String> moved = moved(whole);
            try (DirectoryStream<Path> lists = Files.newDirectoryStream(info, "*.list")) {
                for (Path list : lists) {
                    // In a layer, a device stands for a record that was deleted.
                    if (!Files.isRegularFile(list, LinkOption.NOFOLLOW_LINKS)) {
                        continue;
                    }
                    String file = list.getFileName().toString();
                    String name = file.substring(0, file.length() - ".list".length());
                    owners.add(name.replaceFirst(":.*", ""), Files.readAllBytes(list), moved);
                }
            }
            return owners;
        } catch (IOException e) {
            throw Failure.io("read the package database", info, e);
        }
    }

    /** A merged /usr: packages still say /bin where the tree has a link to /usr/bin. */
    private static Map<String, String> moved(Path tree) throws IOException {
        Map<String, String> moved = new HashMap<>();
        try (DirectoryStream<Path> tops = Files.newDirectoryStream(tree, Files::isSymbolicLink)) {
            for (Path top : tops) {
                String target = Files.readSymbolicLink(top).toString().replaceFirst("^/", "");
                moved.put(top.getFileName().toString(), target);
            }
        }
        return moved;
    }

    private void add(String name, byte[] list, Map<String, String> moved) {
        new String(list, StandardCharsets.ISO_8859_1)
                .lines()
                .map(line -> line.startsWith("/") ? line.substring(1) : line)
                .filter(path -> !path.isEmpty() && !path.equals("."))
                .forEach(path -> {
                    owners.merge(path, name, FileOwners::both);
                    int slash = path.indexOf('/');
                    String target = moved.get(slash < 0 ? path : path.substring(0, slash));
                    if (slash > 0 && target != null) {
                        owners.merge(target + path.substring(slash), name, FileOwners::both);
                    }
                });
    }

    private static String both(String one, String other) {
        return one.equals(other) ? one : SHARED;
    }

    /** {@return the package that alone brought a file, or made it of what it brought} */
    public Optional<String> of(EntryPath path) {
        Matcher record = RECORD.matcher(path.bytes());
        if (record.matches()) {
            return Optional.of(record.group("name"));
        }
        Matcher compiled = COMPILED.matcher(path.bytes());
        if (compiled.matches()) {
            return owner(compiled.group("directory") + compiled.group("module") + ".py");
        }
        Matcher modules = MODULES.matcher(path.bytes());
        return owner(path.bytes())
                .or(() -> modules.matches() ? owner(modules.group("directory") + "modules.builtin") : Optional.empty());
    }

    private Optional<String> owner(String path) {
        return Optional.ofNullable(owners.get(path)).filter(name -> !name.equals(SHARED));
    }
}
