package dev.nbroot.build;

import dev.nbroot.profile.Profile;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What makes a stateless client keep chosen directories on the server: the initrd mounts what the list names. */
final class PersistFiles {
    /** Read by the initrd, from the root that it has just mounted. */
    static final String LIST = "/usr/lib/nbroot/persist.paths";

    private static final String SCRIPT = "/usr/lib/nbroot/persist";

    private PersistFiles() {}

    /** {@return the list, and for each directory a unit that keeps systemd from unmounting it under programs that write there} */
    static List<TreeFile> of(List<Path> paths) {
        if (paths.isEmpty()) {
            return List.of();
        }
        List<TreeFile> files = new ArrayList<>(List.of(
                TreeFile.of(LIST, paths.stream().map(path -> path + "\n").collect(Collectors.joining())),
                new TreeFile(SCRIPT, Resource.text("root/persist"), 0755),
                TreeFile.of(
                        "/etc/systemd/system/nbroot-persist.service", Resource.text("root/nbroot-persist.service"))));
        for (Path path : paths) {
            files.add(TreeFile.of(
                    "/etc/systemd/system/" + unit(path),
                    Resource.text("root/persist.mount").replace("@PATH@", path.toString())));
        }
        return files;
    }

    /** {@return the mount unit of a path (systemd.unit(5), "String escaping for inclusion in unit names")} */
    static String unit(Path path) {
        StringBuilder name = new StringBuilder();
        for (byte each : path.toString().substring(1).getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (each & 0xff);
            if (character == '/') {
                name.append('-');
            } else if (Character.isLetterOrDigit(character)
                    || character == '_'
                    || character == '.' && name.length() > 0) {
                name.append(character);
            } else {
                name.append(String.format("\\x%02x", (int) character));
            }
        }
        return name + ".mount";
    }

    /** Makes those that no package has made, so that each is there in a persistent client too. */
    static void makeDirectories(BuildSite site, Profile profile) {
        for (int i = 0; i < profile.persist().size(); i++) {
            Path path = profile.persist().get(i);
            Path above = Path.of("/");
            for (Path name : path) {
                above = above.resolve(name);
                make(
                        site.reachable().resolve(Path.of("/").relativize(above)),
                        above,
                        profile.where("persist[" + i + "]") + ": ");
            }
        }
    }

    private static void make(Path directory, Path path, String where) {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            boolean link = Files.isSymbolicLink(directory);
            throw Failure.of(
                    FailureKind.INVALID_INPUT,
                    where + "in the root, " + path + (link ? " is a symbolic link" : " is no directory"),
                    link ? "name the directory that it leads to" : "name the directory that it is in");
        }
        try {
            Files.createDirectory(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw Failure.io("make the directory", directory, e);
        }
    }
}
