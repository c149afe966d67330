package dev.nbroot.profile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Parses one line of authorized_keys: {@code [options] type base64 [comment]}.
 *
 * <p>The base64 blob is a row of strings, each behind its length in four bytes; the first is the type again
 * (RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4, OpenSSH PROTOCOL.u2f). So a key cut off in copying is found here and not at
 * the client's door.
 */
final class SshKeyLine {
    /** How many strings the blob of each type has. */
    private static final Map<String, Integer> TYPES = Map.of(
            "ssh-ed25519", 2,
            "ssh-rsa", 3,
            "ecdsa-sha2-nistp256", 3,
            "ecdsa-sha2-nistp384", 3,
            "ecdsa-sha2-nistp521", 3,
            "sk-ssh-ed25519@openssh.com", 3,
            "sk-ecdsa-sha2-nistp256@openssh.com", 4);

    private static final String HINT = "paste the whole line of a .pub file, or write \"file:~/.ssh/id_ed25519.pub\"";

    private SshKeyLine() {}

    /** Why a line is not a key; the line itself is not shown. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;
        private final String hint;

        Invalid(String message, String hint) {
            super(message);
            this.hint = hint;
        }

        String hint() {
            return hint;
        }
    }

    /** {@return the types of key that are taken, sorted} */
    static SortedSet<String> types() {
        return new TreeSet<>(TYPES.keySet());
    }

    static boolean isPrivateKey(String text) {
        return text.contains("PRIVATE KEY-----") || text.stripLeading().startsWith("PuTTY-User-Key-File");
    }

    static SshKey parse(String text) throws Invalid {
        if (isPrivateKey(text)) {
            throw new Invalid(
                    "is a private key, which belongs on your own machine only",
                    "use the public half, the file that ends in .pub");
        }
        if (text.contains("BEGIN SSH2 PUBLIC KEY")) {
            throw new Invalid("is a key in SSH2 format", "convert it with: ssh-keygen -i -f FILE");
        }
        String line = text.strip();
        if (line.isEmpty() || line.chars().anyMatch(c -> c < ' ' && c != '\t')) {
            throw new Invalid("is not one line with one SSH public key", HINT);
        }
        int start = TYPES.containsKey(firstWord(line)) ? 0 : endOfOptions(line);
        String[] words = line.substring(start).strip().split("[ \t]+", 3);
        String type = words[0];
        if (type.equals("ssh-dss") || firstWord(line).equals("ssh-dss")) {
            throw new Invalid("is a DSA key, which OpenSSH no longer takes", "make one with: ssh-keygen -t ed25519");
        }
        if (!TYPES.containsKey(type) || words.length < 2) {
            throw new Invalid("is not an SSH public key", HINT);
        }
        checkBlob(type, words[1]);
        return new SshKey(line.substring(0, start).strip(), type, words[1], words.length > 2 ? words[2].strip() : "");
    }

    private static String firstWord(String line) {
        return line.split("[ \t]", 2)[0];
    }

    /** Options end at the first blank outside double quotes (sshd(8)); a quote inside is written {@code \"}. */
    private static int endOfOptions(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ' ' || c == '\t')) {
                return i;
            }
        }
        return 0;
    }

    private static void checkBlob(String type, String base64) throws Invalid {
        ByteBuffer blob;
        try {
            blob = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw new Invalid("has a key of type " + type + " that is not base64, was it cut off?", HINT);
        }
        Optional<byte[]> inner = string(blob);
        if (inner.isEmpty()) {
            throw new Invalid("has a key of type " + type + " that is cut off", HINT);
        }
        String actual = new String(inner.get(), StandardCharsets.ISO_8859_1);
        if (!actual.equals(type)) {
            String other =
                    TYPES.containsKey(actual) ? " but holds a key of type " + actual : " but holds something else";
            throw new Invalid("says " + type + other, HINT);
        }
        for (int left = TYPES.get(type) - 1; left > 0; left--) {
            Optional<byte[]> part = string(blob);
            boolean wrongSize = type.equals("ssh-ed25519")
                    && part.map(bytes -> bytes.length != 32).orElse(false);
            if (part.isEmpty() || part.get().length == 0 || wrongSize) {
                throw new Invalid("has a key of type " + type + " that is cut off or altered", HINT);
            }
        }
        if (blob.hasRemaining()) {
            throw new Invalid("has a key of type " + type + " with something behind it", HINT);
        }
    }

    private static Optional<byte[]> string(ByteBuffer blob) {
        if (blob.remaining() < 4) {
            return Optional.empty();
        }
        int length = blob.getInt();
        if (length < 0 || length > blob.remaining()) {
            return Optional.empty();
        }
        byte[] bytes = new byte[length];
        blob.get(bytes);
        return Optional.of(bytes);
    }
}
