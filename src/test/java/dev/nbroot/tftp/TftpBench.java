package dev.nbroot.tftp;

import dev.nbroot.it.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our TFTP server beside tftpd-hpa and dnsmasq, in one run: the servers are child processes on loopback addresses, the
 * load comes from this process. Prints a table; asserts nothing about time.
 */
class TftpBench {
    private static final int BLKSIZE = 1428;

    @TempDir
    Path root;

    private record Cell(String title, int clients, String file, long size, int window, double loss, int runs) {}

    private static final List<Cell> CELLS = List.of(
            new Cell("1 client, 40 MB", 1, "40", 40_000_000, 1, 0, 5),
            new Cell("64 clients x 8 MB", 64, "8", 8_000_000, 1, 0, 3),
            new Cell("64 clients x 8 MB, window 16", 64, "8", 8_000_000, 16, 0, 3),
            new Cell("512 clients x 1 MB", 512, "1", 1_000_000, 1, 0, 3),
            new Cell("8 clients x 8 MB, 1 % loss", 8, "8", 8_000_000, 1, 0.01, 1),
            new Cell("8 clients x 8 MB, 1 % loss, window 16", 8, "8", 8_000_000, 16, 0.01, 1));

    @Test
    void compare() throws Exception {
        Needs.programs("in.tftpd", "dnsmasq");
        Needs.root();
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (int megabytes : new int[] {1, 8, 40}) {
            byte[] content = new byte[megabytes * 1_000_000];
            new Random(megabytes).nextBytes(content);
            Files.write(root.resolve(Integer.toString(megabytes)), content);
        }
        try (PeerServer ours = PeerServer.nbroot(root);
                PeerServer hpa = PeerServer.tftpdHpa(root);
                PeerServer dnsmasq = PeerServer.dnsmasq(root)) {
            List<PeerServer> servers = List.of(ours, hpa, dnsmasq);
            for (PeerServer server : servers) {
                server.awaitReady();
                new LoadClient(server.address(), "8", 8_000_000, BLKSIZE, 1, 0).run(16);
            }
            print(
                    "%-38s %-10s %9s %9s %9s %9s",
                    "cell (blksize 1428)", "server", "seconds", "MB/s", "CPU s/GB", "failed");
            for (Cell cell : CELLS) {
                measure(cell, servers);
            }
        }
    }

    private void measure(Cell cell, List<PeerServer> servers) throws IOException, InterruptedException {
        double[][] seconds = new double[servers.size()][cell.runs()];
        double[][] cpu = new double[servers.size()][cell.runs()];
        List<List<String>> failures = new ArrayList<>();
        servers.forEach(server -> failures.add(new ArrayList<>()));
        for (int run = 0; run < cell.runs(); run++) {
            for (int i = 0; i < servers.size(); i++) {
                // Servers that ignore windowsize are measured without it, which the cell above shows already.
                boolean known = cell.window() == 1 || i == 0;
                if (!known) {
                    continue;
                }
                PeerServer server = servers.get(i);
                double before = server.cpuSeconds();
                LoadClient.Result result = new LoadClient(
                                server.address(), cell.file(), cell.size(), BLKSIZE, cell.window(), cell.loss())
                        .run(cell.clients());
                Thread.sleep(300); // Children of a forking server end and are counted.
                seconds[i][run] = result.seconds();
                cpu[i][run] = (server.cpuSeconds() - before) / (result.bytes() / 1e9);
                failures.get(i).addAll(result.failures());
            }
        }
        for (int i = 0; i < servers.size(); i++) {
            double median = median(seconds[i]);
            if (median > 0) {
                double megabytes = cell.clients() * cell.size() / 1e6;
                print(
                        "%-38s %-10s %9.2f %9.1f %9.2f %9d",
                        cell.title(),
                        servers.get(i).name(),
                        median,
                        megabytes / median,
                        median(cpu[i]),
                        failures.get(i).size());
                failures.get(i).stream().distinct().limit(3).forEach(failure -> print("    %s", failure));
            }
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(format, values).stripTrailing());
        System.out.flush();
    }
}
