package dev.nbroot.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which package files a profile takes, kept beside it so that everybody builds the same.
 *
 * <p>The file is {@code PROFILE.lock.json} for {@code PROFILE.yaml}: text in a fixed order, so that a version control
 * system shows what an update changes.
 *
 * @param profile SHA-256 over the merged profile, its includes and {@code --set} options among it
 * @param wanted SHA-256 over the part of the profile that decides which packages are chosen
 * @param selection what was chosen; without the package lists' stanzas
 */
public record LockFile(String profile, String wanted, Selection selection) {
    private static final int FORMAT = 1;
    private static final Set<String> SETS = Set.of("required", "base", "packages");
    private static final String PUBLIC = "rw-r--r--";
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    /** {@return where the lock file of a profile lies} */
    public static Path beside(Path profile) {
        String name = profile.getFileName().toString().replaceFirst("\\.ya?ml$", "");
        return profile.resolveSibling(name + ".lock.json");
    }

    /** {@return how many packages it names} */
    public int packages() {
        return selection.all().size();
    }

    /** {@return SHA-256 over the packages it names} */
    String checksum() {
        return Sha256.of(selection.all().stream()
                        .map(deb -> deb.label() + " " + deb.sha256())
                        .collect(Collectors.joining("\n"))
                + selection.archives());
    }

    /** One package as it stands in the file; {@code set} says who installs it. */
    private record Line(
            String name, String version, String architecture, String set, long size, String sha256, String uri) {}

    private record Text(int format, String profile, String wanted, List<FoundArchive> archives, List<Line> packages) {}

    /** Writes it, whole or not at all. */
    public void write(Path file) {
        List<Line> lines = new ArrayList<>();
        selection.required().forEach(deb -> lines.add(line(deb, "required")));
        selection.base().forEach(deb -> lines.add(line(deb, "base")));
        selection.packages().forEach(deb -> lines.add(line(deb, "packages")));
        try {
            Text text = new Text(FORMAT, profile, wanted, selection.archives(), lines);
            AtomicFile.write(file, JSON.writeValueAsString(text) + "\n", PUBLIC);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a lock is JSON", e);
        }
    }

    private static Line line(Deb deb, String set) {
        return new Line(deb.name(), deb.version(), deb.architecture(), set, deb.size(), deb.sha256(), deb.uri());
    }

    /**
     * {@return what a file says}
     *
     * @throws Failure of kind {@code INVALID_INPUT} when it is missing or damaged
     */
    public static LockFile read(Path file) {
        try {
            Text text = JSON.readValue(Files.readAllBytes(file), Text.class);
            Objects.requireNonNull(text.profile());
            Objects.requireNonNull(text.wanted());
            if (text.packages().isEmpty()) {
                throw damaged(file, "it names no packages");
            }
            for (FoundArchive archive : text.archives()) {
                if (!archive.uri().matches("https?://[^\\s\"]+")
                        || !archive.suite().matches("[A-Za-z0-9._/-]+")) {
                    throw damaged(file, "this is no archive: " + archive.uri() + " " + archive.suite());
                }
            }
            for (Line line : text.packages()) {
                if (!SETS.contains(line.set())) {
                    throw damaged(file, "there is no set '" + line.set() + "', which " + line.name() + " has");
                }
            }
            if (text.archives().isEmpty()) {
                throw damaged(file, "it names no archives");
            }
            if (text.format() != FORMAT) {
                throw damaged(file, "its format is " + text.format() + ", not " + FORMAT);
            }
            return new LockFile(
                    text.profile(),
                    text.wanted(),
                    new Selection(
                            text.archives(),
                            set(text, "required", file),
                            set(text, "base", file),
                            set(text, "packages", file),
                            Map.of()));
        } catch (NoSuchFileException e) {
            throw Failure.of(
                    FailureKind.INVALID_INPUT, "there is no lock file " + file, "make it: nbroot lock PROFILE.yaml");
        } catch (JsonProcessingException e) {
            throw damaged(file, e.getOriginalMessage());
        } catch (NullPointerException e) {
            throw damaged(file, "something is missing in it");
        } catch (IOException e) {
            throw Failure.io("read the lock file", file, e);
        }
    }

    private static List<Deb> set(Text text, String set, Path file) {
        List<Deb> debs = new ArrayList<>();
        for (Line line : text.packages()) {
            if (!line.set().equals(set)) {
                continue;
            }
            // What is in a lock file becomes file names and arguments: it may come from anybody.
            boolean plain = line.name().matches("[a-z0-9][a-z0-9.+-]+")
                    && line.version().matches("[0-9][A-Za-z0-9.+~:-]*")
                    && line.architecture().matches("[a-z0-9-]+")
                    && line.sha256().matches("[0-9a-f]{64}")
                    && line.uri().matches("https?://\\S+")
                    && line.size() > 0;
            if (!plain) {
                throw damaged(file, "this is no package: " + line.name() + " " + line.version());
            }
            debs.add(new Deb(line.name(), line.version(), line.architecture(), line.sha256(), line.size(), line.uri()));
        }
        return debs;
    }

    private static Failure damaged(Path file, String why) {
        return Failure.of(
                FailureKind.INVALID_INPUT,
                "the lock file " + file + " cannot be understood: " + why,
                "make it anew: nbroot lock PROFILE.yaml");
    }
}
