package dev.nbroot.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The way from one transfer to its client. */
interface PacketPort {
    /**
     * Sends one packet.
     *
     * @return false if the kernel has no room now: {@link Transfer#writable} is called when it has
     * @throws java.net.PortUnreachableException if the client's port is known to be closed
     */
    boolean send(ByteBuffer packet) throws IOException;
}
