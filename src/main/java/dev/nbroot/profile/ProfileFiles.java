package dev.nbroot.profile;

import dev.nbroot.profile.YamlValue.Entry;
import dev.nbroot.profile.YamlValue.Kind;
import dev.nbroot.profile.YamlValue.Mapping;
import dev.nbroot.profile.YamlValue.Scalar;
import dev.nbroot.profile.YamlValue.Sequence;
import dev.nbroot.report.Failure;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads a profile and everything it includes, each file once, in the order they are laid over each other: what is
 * included comes before what includes it.
 */
final class ProfileFiles {
    /** No honest profile is larger; /dev/zero is. */
    static final int MAX_BYTES = 4 << 20;

    /** The one key that no decoder sees: it is gone when all files are one map. */
    static final Key INCLUDE = Key.of(
            "include",
            Form.listOf(Shape.HOST_PATH),
            "Profiles to begin with, relative to this one: maps merge, lists append, single values override.");

    private final Problems problems;
    private final List<InputFile> inputs;
    private final List<Mapping> layers = new ArrayList<>();
    private final Set<Path> done = new HashSet<>();
    private final Deque<Path> chain = new ArrayDeque<>();

    ProfileFiles(Problems problems, List<InputFile> inputs) {
        this.problems = problems;
        this.inputs = inputs;
    }

    /** {@return the maps of all files without their include keys, the profile's own last} */
    List<Mapping> read(Path profile) {
        read(profile, Position.file(profile.toString()), InputFile.Role.PROFILE);
        return layers;
    }

    private void read(Path file, Position wanted, InputFile.Role role) {
        String prefix = role == InputFile.Role.INCLUDE ? "include: " + file + ": " : "";
        Path real;
        byte[] bytes;
        try {
            real = file.toRealPath();
            if (chain.contains(real)) {
                problems.add(wanted, prefix + "it includes itself: " + loop(real), "remove one of these includes");
                return;
            }
            if (done.contains(real)) {
                return;
            }
            bytes = bytes(real, role);
        } catch (IOException e) {
            problems.add(wanted, prefix + Failure.reason(e), "give the path of a profile");
            return;
        }
        chain.addLast(real);
        Utf8Text.of(file.toString(), bytes, problems)
                .ifPresent(text -> layer(file, YamlText.ofFile(file.toString(), text, problems)));
        chain.removeLast();
        done.add(real);
    }

    private void layer(Path file, YamlValue value) {
        if (value instanceof Mapping mapping) {
            Map<String, Entry> own = new LinkedHashMap<>(mapping.entries());
            Optional.ofNullable(own.remove(INCLUDE.name())).ifPresent(include -> includes(file, include.value()));
            layers.add(new Mapping(mapping.at(), own));
        } else if (!value.isNothing()) {
            problems.add(
                    value.at(), "expected a map, found " + value.describe(), "a profile begins as in name: bookworm");
        } else if (problems.none()) {
            problems.add(value.at(), "the profile is empty", "it needs at least name: and bootstrap: {suite: ...}");
        }
    }

    private void includes(Path file, YamlValue include) {
        if (include instanceof Sequence list) {
            list.items().forEach(item -> include(file, item));
        } else if (!include.isNothing()) {
            problems.add(
                    include.at(),
                    "include: expected a list, found " + include.describe(),
                    "write it in brackets, as in [base/debian.yaml]");
        }
    }

    private void include(Path file, YamlValue item) {
        boolean isText = item instanceof Scalar scalar
                && scalar.kind() == Kind.TEXT
                && !scalar.text().isBlank();
        if (!isText) {
            problems.add(item.at(), "include: expected a path, found " + item.describe(), "as in [base/debian.yaml]");
            return;
        }
        try {
            Path included = file.resolveSibling(((Scalar) item).text()).normalize();
            read(included, item.at(), InputFile.Role.INCLUDE);
        } catch (InvalidPathException e) {
            problems.add(
                    item.at(),
                    "include: no path can have these characters in this locale",
                    "use plain letters, or run nbroot with LC_ALL=C.UTF-8");
        }
    }

    private byte[] bytes(Path real, InputFile.Role role) throws IOException {
        if (!Files.isRegularFile(real)) {
            throw new IOException("not a file");
        }
        if (Files.size(real) > MAX_BYTES) {
            throw new IOException("larger than " + (MAX_BYTES >> 20) + " MiB");
        }
        byte[] bytes = Files.readAllBytes(real);
        inputs.add(new InputFile(real, role, Sha256.of(bytes)));
        return bytes;
    }

    private String loop(Path real) {
        String names = chain.stream()
                .dropWhile(path -> !path.equals(real))
                .map(path -> path.getFileName().toString())
                .collect(Collectors.joining(" > "));
        return names + " > " + real.getFileName();
    }
}
