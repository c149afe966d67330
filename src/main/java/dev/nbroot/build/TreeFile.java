package dev.nbroot.build;

import java.nio.charset.StandardCharsets;

/**
 * A file that nbroot itself puts into a root, owned by root.
 *
 * @param path absolute, inside the root
 * @param text its contents
 * @param mode 0 to 07777
 */
record TreeFile(String path, String text, int mode) {
    static TreeFile of(String path, String text) {
        return new TreeFile(path, text, 0644);
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
