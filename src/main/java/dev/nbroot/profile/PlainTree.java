package dev.nbroot.profile;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The tree that is a profile again: it has what the user's own files have, secrets too. Whoever reads it as a profile in the
 * same directory asks for the same root.
 */
final class PlainTree extends ProfileTree {
    private final Path base;

    private PlainTree(Path base) {
        this.base = base;
    }

    static Map<String, Object> of(Profile profile) {
        return new PlainTree(profile.directory()).tree(profile);
    }

    @Override
    String secret(String text) {
        return text;
    }

    @Override
    String address(String text) {
        return text;
    }

    @Override
    String path(Path path) {
        return path.equals(base)
                ? "."
                : path.startsWith(base) ? base.relativize(path).toString() : path.toString();
    }

    /** Bytes that are no readable text go as base64. */
    @Override
    void content(Map<String, Object> tree, FileContent content) {
        String text = new String(content.bytes(), StandardCharsets.UTF_8);
        boolean writable = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), content.bytes())
                && text.codePoints().allMatch(PlainTree::isPlain);
        tree.put("content", writable ? text : Base64.getEncoder().encodeToString(content.bytes()));
        if (!writable) {
            tree.put("encoding", "b64");
        }
    }

    private static boolean isPlain(int c) {
        return c == '\n' || c == '\t' || !(Character.isISOControl(c) || c == 0xfeff || c == 0xfffe || c == 0xffff);
    }

    /** The names under which a profile keeps its answers only serve to merge them; one for all is enough. */
    @Override
    Object debconf(List<DebconfSelection> selections) {
        Map<String, Object> tree = new TreeMap<>();
        if (!selections.isEmpty()) {
            tree.put(
                    "selections",
                    selections.stream()
                            .map(DebconfSelection::line)
                            .map(String::strip)
                            .collect(Collectors.joining("\n", "", "\n")));
        }
        return tree;
    }

    /** A command on the host's side runs where its profile lies, which may be another directory than this tree's. */
    @Override
    String run(Hook hook) {
        if (hook.chroot() || hook.directory().equals(base)) {
            return hook.run();
        }
        return "cd '" + path(hook.directory()).replace("'", "'\\''") + "' || exit 1\n" + hook.run();
    }
}
