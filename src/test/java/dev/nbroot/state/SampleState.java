package dev.nbroot.state;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A state directory with small generations that no build was needed for. */
public final class SampleState {
    private final StateDirectory state;
    private final Generations generations;

    public SampleState(Path directory) {
        this.state = new StateDirectory(directory);
        this.generations = new Generations(state);
    }

    public StateDirectory directory() {
        return state;
    }

    public StateFiles files() {
        return new StateFiles(state);
    }

    /** Publishes a generation with the usual boot part: stateless, on screen and first serial port. */
    public Generation publish(String root) throws IOException {
        return publish(root, new Manifest.Boot("stateless", List.of("tty0", "ttyS0,115200"), List.of("quiet")));
    }

    /** Publishes the next generation of a root. */
    public Generation publish(String root, Manifest.Boot boot) throws IOException {
        Generation generation = generations.next(root);
        Files.createDirectories(state.root(root));
        Path building = Files.createDirectories(state.root(root).resolve(".building"));
        Path tree = Files.createDirectories(building.resolve("root"));
        Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(tree.resolve("etc/ssh"));
        Files.createDirectories(tree.resolve("usr/bin"));
        Files.writeString(tree.resolve("etc/hostname"), root + "\n");
        Files.writeString(tree.resolve("etc/hosts"), "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n");
        Files.writeString(tree.resolve("etc/machine-id"), "");
        Files.writeString(tree.resolve("usr/bin/tool"), "tool of " + generation.label() + "\n");
        Files.createDirectories(building.resolve("boot"));
        Files.writeString(building.resolve("boot/vmlinuz"), kernel(generation));
        Files.writeString(building.resolve("boot/initrd"), initrd(generation));
        Manifest manifest = manifest(generation, boot);
        files().write(building.resolve("manifest.json"), manifest);
        generations.publish(building, generation);
        return generation;
    }

    /** Publishes the next generation of a root whose profile has {@code persist}, with an empty directory at each path. */
    public Generation publishKeeping(String root, String... paths) throws IOException {
        Generation generation = publish(root);
        Manifest plain = files().manifest(generation);
        ObjectNode profile = JsonNodeFactory.instance.objectNode();
        for (String path : paths) {
            profile.withArray("persist").add(path);
            Files.createDirectories(generation.tree().resolve(path.substring(1)));
        }
        files().write(
                        generation.manifest(),
                        new Manifest(
                                plain.name(),
                                plain.generation(),
                                plain.created(),
                                plain.nbroot(),
                                plain.suite(),
                                plain.architecture(),
                                plain.kernel(),
                                plain.generator(),
                                plain.inputs(),
                                plain.boot(),
                                plain.hashes(),
                                plain.packages(),
                                plain.steps(),
                                profile,
                                plain.origin()));
        return generation;
    }

    /** The manifest that {@link #publish} writes. */
    public static Manifest manifest(Generation generation, Manifest.Boot boot) {
        return manifest(generation, boot, "initramfs-tools");
    }

    /** The manifest of a generation whose initrd this generator made. */
    public static Manifest manifest(Generation generation, Manifest.Boot boot, String generator) {
        return new Manifest(
                generation.root(),
                generation.number(),
                "2026-01-01T00:00:00Z",
                "0.1.0",
                "bookworm",
                "amd64",
                "6.1.0-1-amd64",
                generator,
                "0".repeat(64),
                boot,
                Map.of("vmlinuz", sha256(kernel(generation)), "initrd", sha256(initrd(generation))),
                List.of(),
                List.of(),
                JsonNodeFactory.instance.objectNode(),
                Manifest.Origin.BUILD);
    }

    private static String kernel(Generation generation) {
        return "kernel of " + generation.label();
    }

    private static String initrd(Generation generation) {
        return "initrd of " + generation.label();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
