package dev.nbroot.system.linux;

import dev.nbroot.report.Failure;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Neighbours;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@link Neighbours} by the kernel's ARP table. */
public final class LinuxNeighbours implements Neighbours {
    /** Of the thread, not of the process: a thread may be in a network namespace of its own. */
    private static final Path TABLE = Path.of("/proc/thread-self/net/arp");

    private static final int ADDRESS = 0;
    private static final int FLAGS = 2;
    private static final int HARDWARE_ADDRESS = 3;
    private static final int COMPLETE = 0x2;

    @Override
    public Optional<MacAddress> find(InetAddress address) {
        try {
            return find(Files.readAllLines(TABLE), address.getHostAddress());
        } catch (IOException e) {
            throw Failure.io("read the neighbour table", TABLE, e);
        }
    }

    /** Looks into lines of proc_net(5)'s arp; its first line is a heading. */
    static Optional<MacAddress> find(List<String> lines, String address) {
        return lines.stream()
                .skip(1)
                .map(line -> line.trim().split("\\s+"))
                .filter(fields -> fields.length > HARDWARE_ADDRESS && fields[ADDRESS].equals(address))
                .filter(fields -> (Integer.decode(fields[FLAGS]) & COMPLETE) != 0)
                // Other kinds of networks have longer addresses, and an address that is all zeroes is none.
                .filter(fields -> fields[HARDWARE_ADDRESS].matches("[0-9a-f]{2}(:[0-9a-f]{2}){5}"))
                .filter(fields -> !fields[HARDWARE_ADDRESS].equals("00:00:00:00:00:00"))
                .map(fields -> new MacAddress(fields[HARDWARE_ADDRESS].replace(':', '-')))
                .findFirst();
    }
}
