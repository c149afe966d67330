package dev.nbroot.profile;

/**
 * One line of debconf-set-selections(1): {@code console-setup console-setup/charmap47 select UTF-8}.
 *
 * @param owner the package that asks
 * @param question the question's name
 * @param type {@code string}, {@code boolean}, {@code select}, ...
 * @param value the answer, may be empty; may be a secret, so {@link #toString()} leaves it out
 */
public record DebconfSelection(String owner, String question, String type, String value) {

    /** {@return the line for debconf-set-selections, without its end} */
    public String line() {
        return owner + " " + question + " " + type + " " + value;
    }

    @Override
    public String toString() {
        return owner + " " + question + " " + type + " ...";
    }
}
