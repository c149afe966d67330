package dev.nbroot.build;

import dev.nbroot.profile.Hook;
import dev.nbroot.profile.Hooks;
import dev.nbroot.profile.Kernel;
import dev.nbroot.profile.Profile;
import dev.nbroot.report.Failure;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * One hash over everything that decides what a build makes: the merged profile, the files it names, the mirror, the
 * program. What the mirror has at that moment is not in it; {@code --fresh} builds again for newer packages.
 */
final class BuildInputs {
    private final MessageDigest digest = Sha256.digest();

    private BuildInputs() {}

    /**
     * {@return 64 hexadecimal digits}
     *
     * @param version nbroot's own
     */
    static String hash(Profile profile, Archive archive, Path keyring, String version) {
        BuildInputs inputs = new BuildInputs();
        try {
            inputs.add("nbroot", version);
            inputs.add("file", "capabilities are withheld");
            inputs.add("profile", profile.canonicalJson());
            inputs.add("mirror", archive.uri());
            archive.security().forEach(uri -> inputs.add("security", uri));
            inputs.addFile("keyring", keyring);
            if (profile.kernel() instanceof Kernel.Image own) {
                inputs.addFile("kernel", own.path());
            }
            for (Path overlay : profile.overlays()) {
                inputs.addTree(overlay);
            }
            Hooks hooks = profile.hooks();
            for (List<Hook> phase : List.of(hooks.setup(), hooks.essential(), hooks.customize(), hooks.cleanup())) {
                hooks("hook", phase).forEach(line -> inputs.add("hook", line));
            }
            return HexFormat.of().formatHex(inputs.digest.digest());
        } catch (IOException e) {
            throw Failure.io("read the inputs of", profile.provenance().file(), e);
        }
    }

    /** Lengths go before texts, so that no two lists of inputs can look alike. */
    private void add(String kind, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((kind + " " + bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
    }

    private void addFile(String kind, Path file) throws IOException {
        add(kind, Files.isReadable(file) ? Sha256.of(file) : "missing");
    }

    private void addTree(Path overlay) throws IOException {
        // What is copied is what a link leads to.
        Path top = overlay.toRealPath();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(top)) {
            files = walk.sorted().toList();
        }
        for (Path file : files) {
            Object mode = Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            String content = Files.isSymbolicLink(file)
                    ? Files.readSymbolicLink(file).toString()
                    : Files.isRegularFile(file) ? Sha256.of(file) : "";
            add("overlay", top.relativize(file) + " " + mode + " " + content);
        }
    }

    /**
     * {@return what decides the results of hooks, a line each: their texts, and the files that their words name, as in
     * {@code ./customize.sh "$1"}}
     */
    static List<String> hooks(String phase, List<Hook> hooks) {
        List<String> lines = new ArrayList<>();
        for (Hook hook : hooks) {
            lines.add(phase + " hook " + (hook.chroot() ? "in the root " : "on the host ") + hook.run());
            for (String word : hook.run().split("[\\s\"';&|()<>=]+")) {
                if (!hook.chroot() && !word.isEmpty() && word.indexOf('\0') < 0) {
                    lines.addAll(named(phase, hook.directory(), word));
                }
            }
        }
        return lines;
    }

    /** A word may be a file, a directory or a pattern; of directories, only those below the hook's own are looked into. */
    private static List<String> named(String phase, Path directory, String word) {
        Path path = directory.resolve(word.replaceFirst("[^/]*[*?\\[{].*", ""));
        try {
            if (Files.isRegularFile(path) && Files.isReadable(path)) {
                return List.of(phase + " script " + word + " " + Sha256.of(path));
            }
            boolean below = path.normalize().startsWith(directory) && !word.isEmpty() && !word.startsWith("/");
            if (!below || word.startsWith("$") || word.startsWith("-") || !Files.isDirectory(path)) {
                return List.of();
            }
            BuildInputs tree = new BuildInputs();
            tree.addTree(path);
            return List.of(phase + " directory " + word + " " + HexFormat.of().formatHex(tree.digest.digest()));
        } catch (IOException e) {
            throw Failure.io("read what a hook names", path, e);
        }
    }
}
