package dev.nbroot.build;

import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads both formats of sources.list(5): lines ({@code *.list}) and stanzas ({@code *.sources}). */
final class AptSourceFiles {
    private static final Pattern LINE =
            Pattern.compile("deb\\s+(?:\\[([^]]*)]\\s+)?(\\S+)\\s+(\\S+)((?:\\s+\\S+)*)\\s*");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private AptSourceFiles() {}

    /**
     * {@return all binary archives of a host, in the order apt reads them}
     *
     * @param apt the host's {@code /etc/apt}; need not exist
     */
    static List<AptEntry> read(Path apt) {
        List<AptEntry> entries = new ArrayList<>();
        try {
            Path main = apt.resolve("sources.list");
            if (Files.isReadable(main)) {
                entries.addAll(lines(Files.readString(main), main));
            }
            for (Path file : parts(apt.resolve("sources.list.d"))) {
                String text = Files.readString(file);
                entries.addAll(file.toString().endsWith(".list") ? lines(text, file) : stanzas(text, file));
            }
            return entries;
        } catch (IOException e) {
            throw Failure.io("read the host's apt sources", apt, e);
        }
    }

    private static List<Path> parts(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("[A-Za-z0-9_.-]+\\.(list|sources)"))
                    .filter(Files::isReadable)
                    .sorted()
                    .toList();
        }
    }

    static List<AptEntry> lines(String text, Path file) {
        List<AptEntry> entries = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher matcher = LINE.matcher(line.replaceFirst("#.*", "").strip());
            if (matcher.matches()) {
                entries.add(new AptEntry(
                        trimmed(matcher.group(2)),
                        matcher.group(3),
                        words(matcher.group(4)),
                        option(matcher.group(1), "signed-by"),
                        file));
            }
        }
        return entries;
    }

    private static String option(String options, String name) {
        for (String option : words(options == null ? "" : options)) {
            if (option.toLowerCase(Locale.ROOT).startsWith(name + "=")) {
                return option.substring(name.length() + 1);
            }
        }
        return "";
    }

    static List<AptEntry> stanzas(String text, Path file) {
        List<AptEntry> entries = new ArrayList<>();
        for (Map<String, String> stanza : fields(text)) {
            boolean enabled = !stanza.getOrDefault("enabled", "yes")
                    .toLowerCase(Locale.ROOT)
                    .matches("no|false|0|off");
            if (!enabled || !words(stanza.getOrDefault("types", "")).contains("deb")) {
                continue;
            }
            for (String uri : words(stanza.getOrDefault("uris", ""))) {
                for (String suite : words(stanza.getOrDefault("suites", ""))) {
                    entries.add(new AptEntry(
                            trimmed(uri),
                            suite,
                            words(stanza.getOrDefault("components", "")),
                            stanza.getOrDefault("signed-by", ""),
                            file));
                }
            }
        }
        return entries;
    }

    /** deb822(5): fields with lower-case names, continuation lines joined by blanks, comment lines dropped. */
    private static List<Map<String, String>> fields(String text) {
        List<Map<String, String>> stanzas = new ArrayList<>();
        Map<String, String> stanza = new LinkedHashMap<>();
        String last = "";
        for (String line : text.lines().toList()) {
            if (line.startsWith("#")) {
                continue;
            }
            if (line.isBlank()) {
                stanzas.add(stanza);
                stanza = new LinkedHashMap<>();
            } else if (Character.isWhitespace(line.charAt(0))) {
                stanza.merge(last, line.strip(), (before, more) -> before + " " + more);
            } else if (line.contains(":")) {
                last = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
                stanza.put(last, line.substring(line.indexOf(':') + 1).strip());
            }
        }
        stanzas.add(stanza);
        return stanzas;
    }

    private static List<String> words(String text) {
        return BLANKS.splitAsStream(text.strip())
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static String trimmed(String uri) {
        return uri.replaceFirst("/+$", "");
    }
}
