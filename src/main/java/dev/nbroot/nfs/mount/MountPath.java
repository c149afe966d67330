package dev.nbroot.nfs.mount;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A path that a client wants to mount, cleaned of double slashes, slashes at the end and {@code .} components.
 *
 * @param names its components; none for {@code /}
 */
record MountPath(List<String> names) {
    /** The longest path on the wire (RFC 1813, MNTPATHLEN). */
    static final int MOST_BYTES = 1024;

    MountPath {
        names = List.copyOf(names);
    }

    /** {@return the path, or empty for one that is not absolute or goes up} */
    static Optional<MountPath> of(String wire) {
        if (!wire.startsWith("/") || wire.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        for (String name : wire.split("/")) {
            if (name.equals("..")) {
                return Optional.empty();
            }
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return Optional.of(new MountPath(names));
    }

    /** {@return the components below a path that is this one or lies above it; empty when it does not} */
    Optional<List<String>> below(MountPath above) {
        int n = above.names().size();
        return names.size() >= n && names.subList(0, n).equals(above.names())
                ? Optional.of(names.subList(n, names.size()))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "/" + String.join("/", names);
    }
}
