package dev.nbroot.system.tree;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Where a name lies in a tree. The kernel's names are bytes in no encoding; Java's paths would change those that are
 * not valid in the locale's.
 *
 * <p>Paths are ordered as a walk meets them: a directory, then all that is in it, names by their bytes.
 *
 * @param bytes the path from the tree's top, each character one byte (ISO 8859-1); empty for the top itself
 */
public record EntryPath(String bytes) implements Comparable<EntryPath> {
    /** The top of a tree. */
    public static final EntryPath TOP = new EntryPath("");

    /** {@return the path of a text in UTF-8, absolute or not, as in {@code /etc/motd}} */
    public static EntryPath of(String text) {
        String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return new EntryPath(bytes.startsWith("/") ? bytes.substring(1) : bytes);
    }

    /** {@return whether this is that path, or lies below it} */
    public boolean isIn(EntryPath directory) {
        return directory.bytes.isEmpty()
                || bytes.equals(directory.bytes)
                || bytes.length() > directory.bytes.length()
                        && bytes.startsWith(directory.bytes)
                        && bytes.charAt(directory.bytes.length()) == '/';
    }

    /** {@return the directory that this lies in; the top's is the top} */
    public EntryPath parent() {
        return new EntryPath(bytes.substring(0, Math.max(0, bytes.lastIndexOf('/'))));
    }

    /** {@return the path of a name in this directory} */
    public EntryPath child(String name) {
        return new EntryPath(bytes.isEmpty() ? name : bytes + '/' + name);
    }

    /**
     * {@return {@code .} or {@code ./usr/bin/env}, in printable ASCII without blanks}
     *
     * <p>As in mtree(5): other bytes, and those that mean something there, are a backslash and three octal digits.
     */
    public String escaped() {
        return bytes.isEmpty() ? "." : "./" + escaped(bytes);
    }

    /** {@return a name or target, each character one byte, as {@link #escaped()} has it} */
    static String escaped(String bytes) {
        StringBuilder text = new StringBuilder(bytes.length());
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '\\' || c == '#' || c == '=') {
                text.append('\\');
                text.append((char) ('0' + (c >> 6)));
                text.append((char) ('0' + (c >> 3 & 7)));
                text.append((char) ('0' + (c & 7)));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** {@return the absolute path for people, {@code /usr/bin/env}; escaped when it is no text or would move a cursor} */
    public String shown() {
        return "/" + shown(bytes);
    }

    /** {@return a name or target, each character one byte, for people} */
    static String shown(String bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
            return text.chars().noneMatch(Character::isISOControl) ? text : escaped(bytes);
        } catch (CharacterCodingException e) {
            return escaped(bytes);
        }
    }

    @Override
    public int compareTo(EntryPath other) {
        int common = Math.min(bytes.length(), other.bytes.length());
        for (int i = 0; i < common; i++) {
            char mine = bytes.charAt(i);
            char theirs = other.bytes.charAt(i);
            if (mine != theirs) {
                // A slash comes before every byte of a name, so that a directory's contents follow it at once.
                return mine == '/' ? -1 : theirs == '/' ? 1 : Character.compare(mine, theirs);
            }
        }
        return Integer.compare(bytes.length(), other.bytes.length());
    }

    @Override
    public String toString() {
        return shown();
    }
}
