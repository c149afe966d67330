package dev.nbroot.profile;

import dev.nbroot.system.Sha256;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The tree for hashes and manifests, which others may read: secrets (password hashes, file contents, debconf answers, a
 * proxy's or mirror's user part) appear as SHA-256, paths relative to the profile.
 */
final class CanonicalTree extends ProfileTree {
    private final Path base;

    private CanonicalTree(Path base) {
        this.base = base;
    }

    static Map<String, Object> of(Profile profile) {
        return new CanonicalTree(profile.directory()).tree(profile);
    }

    @Override
    String secret(String text) {
        return "sha256:" + Sha256.of(text);
    }

    @Override
    String address(String text) {
        int scheme = text.indexOf("://");
        int at = text.indexOf('@', Math.max(scheme, 0));
        int slash = text.indexOf('/', scheme + 3);
        boolean hasUser = scheme >= 0 && at > 0 && (slash < 0 || at < slash);
        return hasUser
                ? text.substring(0, scheme + 3) + secret(text.substring(scheme + 3, at)) + text.substring(at)
                : text;
    }

    @Override
    String path(Path path) {
        return base.relativize(path).toString();
    }

    @Override
    void content(Map<String, Object> tree, FileContent content) {
        tree.put("content", "sha256:" + Sha256.of(content.bytes()));
    }

    @Override
    Object debconf(List<DebconfSelection> selections) {
        return each(
                selections, one -> one.owner() + " " + one.question() + " " + one.type() + " " + secret(one.value()));
    }

    @Override
    String run(Hook hook) {
        return hook.run();
    }
}
