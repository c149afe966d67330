package dev.nbroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import dev.nbroot.report.Event;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.KeptDirectory;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.linux.LinuxNeighbours;
import dev.nbroot.system.linux.LinuxPortHolders;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers whose output nobody reads. */
@Timeout(60)
class BlockedOutputIT {
    @TempDir
    Path work;

    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch read = new CountDownLatch(1);

    /** As a full pipe does. */
    private void print(Event event) {
        blocked.countDown();
        try {
            read.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** There are no roots in this test. */
    private static final class NoTrees implements Trees {
        @Override
        public Path open(KeptDirectory kept) throws IOException {
            throw new IOException("nothing kept here");
        }

        @Override
        public Path open(Generation generation) throws IOException {
            throw new IOException("no generations here");
        }

        @Override
        public Path open(ClientRecord client) throws IOException {
            throw new IOException("no clients here");
        }
    }

    @Test
    void filesAreServedAndTheServersEnd() throws Exception {
        Needs.root();
        Path tree = Files.createDirectory(work.resolve("tree"));
        Files.writeString(tree.resolve("file"), "hello");
        InetAddress here = InetAddress.getLoopbackAddress();
        BootServers servers = BootServers.start(
                ServeSettings.usual(here, Optional.of(tree), 0, 0, 0),
                new StateDirectory(Files.createDirectory(work.resolve("state"))),
                new NoTrees(),
                new BootServers.Ground(
                        new LinuxPosixFiles(), new LinuxPortHolders(), new LinuxNeighbours(), this::print),
                told -> UseLog.none());
        long start;
        try {
            assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
            int port = (Integer) servers.endpoints().get("tftp");
            for (int i = 0; i < 20; i++) {
                assertThat(fetch(here, port)).isEqualTo("hello");
            }
        } finally {
            start = System.nanoTime();
            servers.close();
            read.countDown();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    /** {@return a file of one block} */
    private static String fetch(InetAddress server, int port) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(10_000);
            byte[] request = "\0\1file\0octet\0".getBytes(StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(request, request.length, server, port));
            DatagramPacket data = new DatagramPacket(new byte[600], 600);
            socket.receive(data);
            byte[] acknowledgement = {0, 4, 0, 1};
            socket.send(new DatagramPacket(acknowledgement, 4, data.getSocketAddress()));
            return new String(data.getData(), 4, data.getLength() - 4, StandardCharsets.US_ASCII);
        }
    }
}
