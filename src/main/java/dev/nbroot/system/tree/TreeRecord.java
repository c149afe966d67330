package dev.nbroot.system.tree;

import dev.nbroot.system.Sha256;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A tree as text, in the manner of mtree(5): a line for each name, in the order of {@link EntryPath}, in printable ASCII.
 *
 * <pre>
 * #nbroot-tree 1
 * . type=dir mode=0755 uid=0 gid=0 time=1700000000.000000000
 * ./bin type=link mode=0777 uid=0 gid=0 time=1700000000.000000000 link=usr/bin
 * ./dev/null type=char mode=0666 uid=0 gid=0 time=1700000000.000000000 device=native,1,3
 * ./usr/bin/ping type=file mode=0755 uid=0 gid=0 time=1700000000.000000000 size=90568 sha256=64DIGITS xattr.security.capability=HEX
 * ./usr/bin/pinky type=file ... hardlink=./usr/bin/ping
 * </pre>
 *
 * <p>The words after the path always come in this order, extended attributes sorted by name. {@code hardlink} stands at
 * every name of a file but its first and gives that one. Paths, targets and attributes' names are escaped as
 * {@link EntryPath#escaped} says. The text changes only together with the number in its first line.
 *
 * @param lines the names' lines, without the first line and line ends
 */
public record TreeRecord(List<String> lines) {
    private static final String HEADER = "#nbroot-tree 1\n";

    /** Copies the list. */
    public TreeRecord {
        lines = List.copyOf(lines);
    }

    /**
     * The first thing in which two trees differ.
     *
     * @param mine this tree's line; absent when it lacks the name
     * @param other the other tree's line; absent when it lacks the name
     */
    public record Difference(Optional<String> mine, Optional<String> other) {}

    /** {@return the whole text, as it is hashed} */
    public String text() {
        StringBuilder text = new StringBuilder(HEADER);
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /** {@return the tree's digest: the SHA-256 of its text, 64 hexadecimal digits} */
    public String sha256() {
        return Sha256.of(text());
    }

    /** {@return the first line that is not in both trees; empty when they are alike} */
    public Optional<Difference> firstDifference(TreeRecord other) {
        int common = Math.min(lines.size(), other.lines.size());
        int at = 0;
        while (at < common && lines.get(at).equals(other.lines.get(at))) {
            at++;
        }
        Optional<String> mine = at < lines.size() ? Optional.of(lines.get(at)) : Optional.empty();
        Optional<String> theirs = at < other.lines.size() ? Optional.of(other.lines.get(at)) : Optional.empty();
        if (mine.isEmpty() && theirs.isEmpty()) {
            return Optional.empty();
        }
        boolean sameName =
                mine.map(TreeRecord::path).equals(theirs.map(TreeRecord::path)) || mine.isEmpty() || theirs.isEmpty();
        if (sameName) {
            return Optional.of(new Difference(mine, theirs));
        }
        Set<String> theirNames = new HashSet<>();
        other.lines.forEach(line -> theirNames.add(path(line)));
        return Optional.of(
                theirNames.contains(path(mine.get()))
                        ? new Difference(Optional.empty(), theirs)
                        : new Difference(mine, Optional.empty()));
    }

    private static String path(String line) {
        return line.substring(0, line.indexOf(' '));
    }

    static String line(TreeEntry entry, Optional<String> sha256, Optional<EntryPath> firstName) {
        StringBuilder line = new StringBuilder(entry.path().escaped());
        word(line, "type", entry.type().word());
        word(line, "mode", String.format("%04o", entry.mode()));
        // Numbers of 32 bits without a sign.
        word(line, "uid", Integer.toUnsignedString(entry.uid()));
        word(line, "gid", Integer.toUnsignedString(entry.gid()));
        TreeEntry.Time modified = entry.modified();
        word(line, "time", modified.seconds() + String.format(".%09d", modified.nanos()));
        if (entry.type().isDevice()) {
            word(
                    line,
                    "device",
                    "native," + entry.device().major() + "," + entry.device().minor());
        }
        if (entry.type() == EntryType.LINK) {
            word(line, "link", EntryPath.escaped(entry.target()));
        }
        sha256.ifPresent(hash -> {
            word(line, "size", Long.toString(entry.size()));
            word(line, "sha256", hash);
        });
        entry.xattrs().forEach((name, value) -> word(line, "xattr." + EntryPath.escaped(name), value));
        firstName.ifPresent(first -> word(line, "hardlink", first.escaped()));
        return line.toString();
    }

    private static void word(StringBuilder line, String key, String value) {
        line.append(' ').append(key).append('=').append(value);
    }
}
