package dev.nbroot.build;

import dev.nbroot.report.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The package lists that apt has fetched and verified (deb822(5), one stanza for each package file).
 *
 * @param directory apt's lists
 */
record PackageIndex(Path directory) {
    /** deb822(5) says UTF-8; a byte that is not must neither stop us nor change. */
    static final Charset CHARSET = StandardCharsets.ISO_8859_1;

    private static final String HASH = "\nSHA256: ";

    /** The characters that apt's URItoFileName escapes. */
    private static final String ESCAPED = "\\|{}[]<>\"^~_=!@#$%^&*";

    /**
     * {@return by priority, the names of all packages of one suite that have it, sorted}
     *
     * @param archive whose suite; other archives may call any package of theirs required
     * @param priorities as in {@code required}
     */
    Map<String, Set<String>> ofPriority(FoundArchive archive, String architecture, Set<String> priorities) {
        Map<String, Set<String>> names = new HashMap<>();
        priorities.forEach(priority -> names.put(priority, new TreeSet<>()));
        Path file = directory.resolve(name(archive, architecture));
        each(List.of(file), stanza -> {
            Set<String> same = names.get(field(stanza, "Priority"));
            if (same != null) {
                same.add(field(stanza, "Package"));
            }
        });
        return names;
    }

    /** {@return the file name that apt makes of the address of a suite's main list} */
    static String name(FoundArchive archive, String architecture) {
        String address = archive.uri().replaceFirst("^[^:]+://", "") + "/dists/" + archive.suite() + "/main/binary-"
                + architecture + "/Packages";
        StringBuilder name = new StringBuilder();
        for (char letter : address.toCharArray()) {
            if (letter == '/') {
                name.append('_');
            } else if (ESCAPED.indexOf(letter) >= 0) {
                name.append('%').append(String.format("%02x", (int) letter));
            } else {
                name.append(letter);
            }
        }
        return name.toString();
    }

    /** {@return by the SHA-256 of each of these package files, its stanza with a line feed at its end} */
    Map<String, String> stanzas(List<Deb> debs) {
        Map<String, Deb> wanted = new HashMap<>();
        debs.forEach(deb -> wanted.put(deb.sha256(), deb));
        Map<String, String> found = new TreeMap<>();
        each(files(), stanza -> {
            int at = stanza.indexOf(HASH);
            if (at >= 0 && stanza.length() >= at + HASH.length() + 64) {
                String hash = stanza.substring(at + HASH.length(), at + HASH.length() + 64);
                if (wanted.containsKey(hash)) {
                    found.putIfAbsent(hash, stanza);
                }
            }
        });
        return found;
    }

    static String field(String stanza, String name) {
        String start = name + ": ";
        int at = stanza.startsWith(start) ? 0 : stanza.indexOf("\n" + start) + 1;
        if (at == 0 && !stanza.startsWith(start)) {
            return "";
        }
        int end = stanza.indexOf('\n', at);
        return stanza.substring(at + start.length(), end < 0 ? stanza.length() : end);
    }

    private static void each(List<Path> files, Consumer<String> consumer) {
        for (Path file : files) {
            StringBuilder stanza = new StringBuilder();
            try (BufferedReader reader = Files.newBufferedReader(file, CHARSET)) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    if (!line.isEmpty()) {
                        stanza.append(line).append('\n');
                    } else if (stanza.length() > 0) {
                        consumer.accept(stanza.toString());
                        stanza.setLength(0);
                    }
                }
            } catch (IOException e) {
                throw Failure.io("read the package list", file, e);
            }
            if (stanza.length() > 0) {
                consumer.accept(stanza.toString());
            }
        }
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*_Packages")) {
            entries.forEach(files::add);
        } catch (IOException e) {
            throw Failure.io("list the package lists", directory, e);
        }
        files.sort(null);
        return files;
    }
}
