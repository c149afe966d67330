package dev.nbroot.profile;

import dev.nbroot.report.Failure;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decodes {@code ssh_authorized_keys}: key lines, and {@code file:} names of files with such lines. */
final class SshKeysDecoder {
    private static final String FILE = "file:";
    private static final int MAX_BYTES = 1 << 20;

    /** What a schema can say; {@link SshKeyLine} looks into the key. */
    static final Shape SHAPE = Shape.of(
            "an SSH public key",
            "file:[^\\x00-\\x1f\\x7f]*[^\\s\\x00-\\x1f\\x7f][^\\x00-\\x1f\\x7f]*|\\s*(?!ssh-dss)([^\\s][^\\n\\r]*[ \\t])?("
                    + String.join("|", SshKeyLine.types()).replace(".", "\\.")
                    + ")[ \\t]+[A-Za-z0-9+/]+={0,3}([ \\t][^\\n\\r]*)?\\s*",
            "paste the whole line of a .pub file, or write \"file:~/.ssh/id_ed25519.pub\"");

    private SshKeysDecoder() {}

    static List<SshKey> decode(Cursor list) {
        Map<SshKey, Position> keys = new LinkedHashMap<>();
        for (Cursor item : list.list()) {
            Position at = item.value().at();
            item.plain().ifPresent(text -> {
                if (text.startsWith(FILE)) {
                    item.hostPath(text.substring(FILE.length()))
                            .map(file -> keysOf(item, file))
                            .orElse(List.of())
                            .forEach(key -> keys.putIfAbsent(key, at));
                } else {
                    line(item, text, "").ifPresent(key -> keys.putIfAbsent(key, at));
                }
            });
        }
        return list.noted(keys);
    }

    private static List<SshKey> keysOf(Cursor item, Path file) {
        String text;
        try {
            if (!Files.isRegularFile(file) && Files.exists(file)) {
                throw new IOException("not a file");
            }
            if (Files.exists(file) && Files.size(file) > MAX_BYTES) {
                throw new IOException("too large for SSH keys");
            }
            byte[] bytes = Files.readAllBytes(file);
            item.decoding().inputs().add(new InputFile(file, InputFile.Role.SSH_KEYS, Sha256.of(bytes)));
            text = new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            item.refuse(
                    "cannot read the SSH key file " + file + ": " + Failure.reason(e),
                    "make a key with: ssh-keygen -t ed25519, or name another .pub file (~ is "
                            + item.decoding().home() + ")");
            return List.of();
        }
        if (SshKeyLine.isPrivateKey(text)) {
            return line(item, text, file + " ").stream().toList();
        }
        List<SshKey> keys = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .flatMap(line -> line(item, line, file + " ").stream())
                .toList();
        if (text.isBlank()) {
            item.refuse(file + " is empty", "make a key with: ssh-keygen -t ed25519");
        }
        return keys;
    }

    private static Optional<SshKey> line(Cursor item, String text, String where) {
        try {
            return Optional.of(SshKeyLine.parse(text));
        } catch (SshKeyLine.Invalid e) {
            item.refuse((where.isEmpty() ? "this " : where) + e.getMessage(), e.hint());
            return Optional.empty();
        }
    }
}
