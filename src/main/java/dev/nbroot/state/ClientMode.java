package dev.nbroot.state;

import java.util.Locale;

/** How a client uses its root. */
public enum ClientMode {
    /** Its own copy-on-write view, kept on the server. */
    PERSISTENT,
    /** The generation read-only, with a tmpfs overlay in the client; every boot starts afresh. */
    STATELESS,
    /** As stateless, with the generation's image in the client's memory: once it runs it needs no server. */
    TORAM,
    /** The one writable view of a root, for one machine at a time: that of no client, see SharedTree. */
    SHARED;

    /** {@return whether there is a view on the server, which stays with its generation} */
    public boolean hasView() {
        return this == PERSISTENT || this == SHARED;
    }

    /** {@return the word used in files, options and messages} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
