package dev.nbroot.nfs.export;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Who may use what. Called by many threads, on the threads that serve clients, which act as root meanwhile: must be
 * quick, and must not start threads, which would inherit what those threads are.
 */
public interface ExportPolicy {
    /**
     * Decides a MOUNT call.
     *
     * @param caller where it comes from; a port above 1023 means that the caller need not be root there
     * @param path what it asks for: absolute, without empty components, {@code .} or {@code ..}
     */
    Decision decide(InetSocketAddress caller, String path);

    /** {@return the export with that id, for a handle from before a restart; empty when there is none any more} */
    Optional<Export> find(long id);

    /**
     * Tells why a machine that has a handle must not use it; asked again every few seconds per connection.
     *
     * @return the reason for the operator, or empty when it may
     */
    Optional<String> objection(InetSocketAddress caller, Export export);

    /**
     * {@return an export as a caller sees it to whom there was no {@link #objection}: with its own rights}
     *
     * @param export what {@link #find} or {@link #decide} gave
     */
    default Export seenBy(InetSocketAddress caller, Export export) {
        return export;
    }

    /** {@return what {@code showmount -e} shows to that caller} */
    List<Export> visible(InetSocketAddress caller);
}
