package dev.nbroot.profile;

/**
 * The second field of shadow(5): a crypt(5) hash, or a lock ({@code !}, {@code *}, or {@code !} before a hash).
 *
 * <p>{@link #toString()} never shows it.
 *
 * @param crypt what stands in {@code /etc/shadow}
 */
public record PasswordHash(String crypt) {

    /** {@return whether some password can open the account: false when locked} */
    public boolean usable() {
        return crypt.startsWith("$");
    }

    /** {@return the same hash, locked as by {@code usermod -L}} */
    public PasswordHash locked() {
        return usable() ? new PasswordHash("!" + crypt) : this;
    }

    @Override
    public String toString() {
        return usable() ? "a crypt hash" : "locked";
    }
}
