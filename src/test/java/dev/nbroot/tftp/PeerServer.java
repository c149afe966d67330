package dev.nbroot.tftp;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A TFTP server as a child process, with its CPU time. */
final class PeerServer implements AutoCloseable {
    private final String name;
    private final InetSocketAddress address;
    private final Process process;

    private PeerServer(String name, InetSocketAddress address, List<String> argv) throws IOException {
        this.name = name;
        this.address = address;
        this.process = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    static PeerServer nbroot(Path root) throws IOException, URISyntaxException {
        String path = place(TftpServer.class) + File.pathSeparator + place(BenchServer.class);
        List<String> argv = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                path,
                BenchServer.class.getName(),
                "127.0.0.1",
                "47369",
                root.toString());
        return new PeerServer("nbroot", new InetSocketAddress("127.0.0.1", 47369), argv);
    }

    static PeerServer tftpdHpa(Path root) throws IOException {
        List<String> argv =
                List.of("/usr/sbin/in.tftpd", "-L", "-u", "nobody", "-a", "127.0.0.1:47370", "-s", root.toString());
        return new PeerServer("tftpd-hpa", new InetSocketAddress("127.0.0.1", 47370), argv);
    }

    /** Its port cannot be chosen, so it gets a loopback address of its own. */
    static PeerServer dnsmasq(Path root) throws IOException {
        List<String> argv = List.of(
                "/usr/sbin/dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--pid-file=",
                "--port=0",
                "--user=root",
                "--bind-interfaces",
                "--listen-address=127.0.0.69",
                "--enable-tftp",
                "--tftp-max=2048",
                "--tftp-root=" + root);
        return new PeerServer("dnsmasq", new InetSocketAddress("127.0.0.69", 69), argv);
    }

    private static String place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    String name() {
        return name;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Waits until the server answers. */
    void awaitReady() throws IOException, InterruptedException {
        for (int i = 0; i < 50; i++) {
            if (!process.isAlive()) {
                throw new IOException(name + " ended with status " + process.exitValue());
            }
            try (SimpleClient client = new SimpleClient(address)) {
                client.ask(SimpleClient.request(1, "no-such-file", "octet"));
                client.next(200);
                return;
            } catch (java.net.SocketTimeoutException e) {
                Thread.sleep(50);
            }
        }
        throw new IOException(name + " does not answer on " + address);
    }

    /** {@return CPU seconds of the process and of the children that it has waited for (proc(5), stat 14 to 17)} */
    double cpuSeconds() throws IOException {
        long ticks = 0;
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            for (int field = 14; field <= 17; field++) {
                ticks += Long.parseLong(fields[field - 3]);
            }
        } catch (NoSuchFileException e) {
            throw new IOException(name + " has ended", e);
        }
        return ticks / 100.0;
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> children = process.descendants().toList();
        process.getOutputStream().close();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroy);
    }
}
