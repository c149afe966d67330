package dev.nbroot.profile;

/**
 * Where a value of a profile was written.
 *
 * @param source the file as the user named it (an included one: relative in the same way), or {@code --set KEY}
 * @param line 1 for the first line; 0 when there is none ({@code --set}, a file that cannot be read)
 * @param column 1 for the first character; 0 when there is no line
 */
public record Position(String source, int line, int column) {

    /** {@return the position of a {@code --set} option; its value is left out, it may be a secret} */
    static Position set(String key) {
        return new Position("--set " + key, 0, 0);
    }

    /** {@return a file as a whole} */
    static Position file(String source) {
        return new Position(source, 0, 0);
    }

    /** {@return the first character of a file} */
    static Position startOf(String source) {
        return new Position(source, 1, 1);
    }

    /** {@return {@code file:line:column}, or {@code --set KEY}, as every message begins} */
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
