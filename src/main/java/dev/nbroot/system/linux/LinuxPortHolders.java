package dev.nbroot.system.linux;

import dev.nbroot.system.PortHolders;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@link PortHolders} by the socket tables of proc_net(5) and the descriptors of all processes. */
public final class LinuxPortHolders implements PortHolders {
    private static final int LOCAL_ADDRESS = 1;
    private static final int INODE = 9;

    @Override
    public Optional<String> find(Protocol protocol, int port) {
        String table = protocol.name().toLowerCase(Locale.ROOT);
        try {
            Set<String> sockets = new HashSet<>();
            for (String name : List.of(table, table + "6")) {
                Path file = Path.of("/proc/thread-self/net", name);
                if (Files.exists(file)) {
                    sockets.addAll(sockets(Files.readAllLines(file), port));
                }
            }
            return sockets.isEmpty() ? Optional.empty() : holder(sockets);
        } catch (IOException e) {
            // Only the words "who holds it" are lost; that the port is taken is told all the same.
            return Optional.empty();
        }
    }

    /** {@return the inodes, as descriptors show them, of the sockets bound to a port} */
    static Set<String> sockets(List<String> lines, int port) {
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        Set<String> found = new HashSet<>();
        lines.stream()
                .skip(1)
                .map(line -> line.trim().split("\\s+"))
                .filter(fields -> fields.length > INODE && fields[LOCAL_ADDRESS].endsWith(suffix))
                .forEach(fields -> found.add("socket:[" + fields[INODE] + "]"));
        return found;
    }

    private static Optional<String> holder(Set<String> sockets) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holdsOne(process, sockets)) {
                    String name = Files.readString(process.resolve("comm")).strip();
                    return Optional.of(name + " (process " + process.getFileName() + ")");
                }
            }
        }
        return Optional.empty();
    }

    private static boolean holdsOne(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
                    return true;
                }
            }
        } catch (IOException e) {
            // The process ended while we looked, or belongs to somebody else: it is not the answer.
            return false;
        }
        return false;
    }
}
