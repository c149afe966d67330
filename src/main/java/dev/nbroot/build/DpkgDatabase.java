package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.system.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the dpkg database of a tree without running anything in it. */
public final class DpkgDatabase {
    private static final Path STATUS = Path.of("/var/lib/dpkg/status");

    private DpkgDatabase() {}

    /** {@return what is installed in a tree, by name and architecture; nothing when it has no database} */
    public static List<DpkgPackage> installed(Path tree) {
        Path file = TreePath.resolve(tree, STATUS);
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw Failure.io("read the package database", file, e);
        }
    }

    /** {@return the installed packages of a status file, which is paragraphs of deb822(5)} */
    static List<DpkgPackage> parse(String status) {
        List<DpkgPackage> packages = new ArrayList<>();
        for (String paragraph : status.split("\n\\s*\n")) {
            Map<String, String> fields = fields(paragraph);
            // dpkg(1): want, flag, status, as in "install ok installed"; what was removed but not purged is still here.
            boolean installed = fields.getOrDefault("Status", "").endsWith(" installed");
            if (installed && fields.containsKey("Package")) {
                packages.add(new DpkgPackage(
                        fields.get("Package"),
                        fields.getOrDefault("Version", ""),
                        fields.getOrDefault("Architecture", ""),
                        fields));
            }
        }
        packages.sort(Comparator.comparing(DpkgPackage::name).thenComparing(DpkgPackage::architecture));
        return packages;
    }

    private static Map<String, String> fields(String paragraph) {
        Map<String, String> fields = new LinkedHashMap<>();
        String name = "";
        for (String line : paragraph.split("\n")) {
            int colon = line.indexOf(':');
            if (line.startsWith(" ") || line.startsWith("\t")) {
                fields.merge(name, line, (value, more) -> value + "\n" + more);
            } else if (colon > 0) {
                name = line.substring(0, colon);
                fields.put(name, line.substring(colon + 1).strip());
            }
        }
        return fields;
    }
}
