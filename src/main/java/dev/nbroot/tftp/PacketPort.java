package dev.nbroot.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The way from one transfer to its client. */
interface PacketPort {
    /**
     * Sends one packet.
     *
     * @return false if the kernel has no room now: {@link Transfer#writable} is called when it has. Or if the client's
     *     port is closed: {@link Transfer#unreachable} is called when all is heard that the client has said before
     */
    boolean send(ByteBuffer packet) throws IOException;
}
