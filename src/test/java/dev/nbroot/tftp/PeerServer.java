package dev.nbroot.tftp;

import dev.nbroot.it.ServeOptions;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A TFTP server as a child process in a session of its own (see {@link LoadClient}), with its CPU time. */
final class PeerServer implements AutoCloseable {
    private final String name;
    private final InetSocketAddress address;
    private final Process process;
    private final CpuAccount account;

    private PeerServer(String name, InetSocketAddress address, List<String> argv) throws IOException {
        this.name = name;
        this.address = address;
        List<String> words = new ArrayList<>(List.of("setsid"));
        words.addAll(argv);
        this.process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        this.account = CpuAccount.of(process.pid());
    }

    /** Our server, with the options that the launcher gives {@code serve}. */
    static PeerServer nbroot(Path root) throws IOException, URISyntaxException {
        String path = place(TftpServer.class) + File.pathSeparator + place(BenchServer.class);
        List<String> argv = new ArrayList<>();
        argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        argv.addAll(ServeOptions.ofTheLauncher());
        argv.addAll(List.of("-cp", path, BenchServer.class.getName(), "127.0.0.1", "47369", root.toString()));
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

    /** {@return CPU seconds of the process and its children; NaN if unknown} */
    double cpuSeconds() throws IOException {
        return account.seconds().orElse(Double.NaN);
    }

    /** Ends the process and waits for its children, which a control group must not outlive. */
    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        process.getOutputStream().close();
        all.forEach(ProcessHandle::destroy);
        for (ProcessHandle each : all) {
            try {
                each.onExit().get(5, TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException e) {
                each.destroyForcibly();
            } catch (InterruptedException e) {
                each.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        account.close();
    }
}
