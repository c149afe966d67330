package dev.nbroot.command;

/**
 * Where something of a profile was written.
 *
 * @param source the file as the user named it, or {@code --set KEY}
 * @param line 1 for the first line; 0 when there is none
 * @param column 1 for the first character; 0 when there is no line
 */
public record Place(String source, int line, int column) {
    /** {@return {@code file:line:column}, or {@code --set KEY}} */
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
