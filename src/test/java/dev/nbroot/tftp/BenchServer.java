package dev.nbroot.tftp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** Our server in a process of its own, so that its CPU time can be told from the load's. Ends with its input. */
final class BenchServer {
    private BenchServer() {}

    public static void main(String[] args) throws IOException {
        InetSocketAddress address = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        try (TftpServer server = new TftpServer(
                TftpSettings.on(address).withLimits(2048, 2048), RootFiles.below(Path.of(args[2])), end -> {})) {
            server.start();
            System.in.readAllBytes();
        }
    }
}
