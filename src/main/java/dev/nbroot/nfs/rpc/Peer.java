package dev.nbroot.nfs.rpc;

import java.net.InetSocketAddress;

/** Who is at the other end of a connection, or of a datagram. Confined to one loop. */
public final class Peer {
    private final InetSocketAddress address;
    private final boolean datagram;
    private Object note;

    /**
     * Makes a peer.
     *
     * @param address where it calls from
     * @param datagram whether it uses UDP
     */
    public Peer(InetSocketAddress address, boolean datagram) {
        this.address = address;
        this.datagram = datagram;
    }

    /** {@return where it calls from} */
    public InetSocketAddress address() {
        return address;
    }

    /** {@return whether it uses UDP} */
    public boolean datagram() {
        return datagram;
    }

    /** {@return what a program keeps for as long as the connection lasts, or null} */
    public Object note() {
        return note;
    }

    /** Keeps something for as long as the connection lasts. */
    public void note(Object newNote) {
        note = newNote;
    }
}
