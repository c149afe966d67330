package dev.nbroot.profile;

import java.nio.file.Path;

/**
 * A file to write into the root, in cloud-init's words. All of them are written when packages and users are there, which
 * is what cloud-init's {@code defer: true} asks for.
 *
 * <pre>{@code
 * write_files:
 *   - path: /etc/motd
 *     content: "hello\n"
 *     permissions: "0644"       # in quotes: YAML reads a bare 0644 as the number 420
 *     owner: "root:root"
 *     encoding: b64             # or base64, gz+b64; absent: plain text
 *     append: false
 * }</pre>
 *
 * @param path absolute and normal inside the root, never the root directory itself
 * @param content decoded
 * @param mode 0 to 07777
 * @param owner a user's name or number
 * @param group a group's name or number
 * @param append whether the content goes behind what the file has
 */
public record WriteFile(Path path, FileContent content, int mode, String owner, String group, boolean append) {}
