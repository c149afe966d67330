package dev.nbroot.serve;

import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.tftp.RootFiles;
import dev.nbroot.tftp.TftpServer;
import dev.nbroot.tftp.TftpSettings;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** All protocol servers of one {@code nbroot serve}, bound together and closed together. */
public final class BootServers implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<String, Object> endpoints = new LinkedHashMap<>();

    private BootServers() {}

    /**
     * Binds every socket and begins to serve; says {@link Event.Ready} when all listen.
     *
     * @throws dev.nbroot.report.Failure of kind {@code HOST} when a port cannot be bound, saying who holds it; then
     *     nothing is bound
     */
    public static BootServers start(
            ServeSettings settings, StateDirectory state, Trees trees, Machines machines, Events events) {
        BootServers servers = new BootServers();
        try {
            settings.tftp().ifPresent(tree -> {
                TftpServer tftp = new TftpServer(
                        TftpSettings.on(new InetSocketAddress(settings.address(), settings.tftpPort())),
                        RootFiles.below(tree),
                        new TftpActivity(machines, events));
                tftp.start();
                servers.open.push(tftp);
                servers.endpoints.put("tftp", tftp.addresses().get(0).getPort());
            });
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
        events.on(new Event.Ready(servers.endpoints));
        return servers;
    }

    /** {@return the bound ports by protocol} */
    public Map<String, Object> endpoints() {
        return Map.copyOf(endpoints);
    }

    /** Serves until the calling thread is interrupted. */
    public void serveUntilInterrupted() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a server cannot be closed", e);
            }
        }
    }
}
