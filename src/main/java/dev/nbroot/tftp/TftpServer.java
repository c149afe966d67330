package dev.nbroot.tftp;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** A read-only TFTP server on one thread of its own. Nothing is bound before {@link #start}. */
public final class TftpServer implements AutoCloseable {
    private static final long CLOSE_MILLIS = 5_000;

    private final TftpSettings settings;
    private final TftpFiles files;
    private final TftpListener listener;
    private final TftpSockets sockets;
    private final LongSupplier nanoClock;
    private List<InetSocketAddress> addresses = List.of();
    private ServerLoop loop;
    private Thread thread;

    /** Makes a server on the kernel's sockets and clock. */
    public TftpServer(TftpSettings settings, TftpFiles files, TftpListener listener) {
        this(settings, files, listener, TftpSockets.ofTheKernel(), System::nanoTime);
    }

    /**
     * Makes a server.
     *
     * @param files decides what a name means
     * @param listener is told the end of every request
     * @param sockets where channels come from
     * @param nanoClock a monotonic clock in nanoseconds, as {@link System#nanoTime} is
     */
    public TftpServer(
            TftpSettings settings,
            TftpFiles files,
            TftpListener listener,
            TftpSockets sockets,
            LongSupplier nanoClock) {
        this.settings = settings;
        this.files = files;
        this.listener = listener;
        this.sockets = sockets;
        this.nanoClock = nanoClock;
    }

    /**
     * Binds every address and begins to serve.
     *
     * @throws Failure of kind {@code HOST} if one cannot be bound, with address and port in the message; then none is
     *     bound
     */
    public synchronized void start() {
        if (loop != null) {
            throw new IllegalStateException("started before");
        }
        List<ListeningPort> ports = new ArrayList<>();
        Selector selector = null;
        try {
            for (InetSocketAddress address : settings.listenOn()) {
                ports.add(listen(address));
            }
            selector = Selector.open();
            loop = new ServerLoop(settings, files, listener, sockets, nanoClock, selector, ports);
        } catch (IOException e) {
            abandon(ports, selector, e);
            throw Failure.of(FailureKind.HOST, "cannot start the TFTP server: " + Failure.reason(e), "", e);
        } catch (Failure e) {
            abandon(ports, selector, e);
            throw e;
        }
        addresses = ports.stream().map(ListeningPort::local).toList();
        thread = new Thread(loop, "tftp");
        thread.setDaemon(true);
        thread.start();
    }

    /** {@return the bound addresses with their real ports, in the order of the settings; empty before the start} */
    public synchronized List<InetSocketAddress> addresses() {
        return addresses;
    }

    /** {@return how many transfers are open now} */
    public synchronized int openTransfers() {
        return loop == null ? 0 : loop.openTransfers();
    }

    /** {@return how many datagrams came to the listening addresses that were no requests, and were not answered} */
    public synchronized long strayPackets() {
        return loop == null ? 0 : loop.strayPackets();
    }

    /**
     * Ends every transfer (its client is told) and closes the sockets. Returns within about five seconds even if a file
     * cannot be read to its end. Does nothing the second time.
     */
    @Override
    public synchronized void close() {
        if (thread == null) {
            return;
        }
        loop.stop();
        try {
            thread.join(CLOSE_MILLIS);
            if (thread.isAlive()) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    private ListeningPort listen(InetSocketAddress address) {
        String where = TftpAddress.text(address) + "/udp";
        if (address.isUnresolved()) {
            throw Failure.of(FailureKind.HOST, "cannot listen for TFTP on " + where + ": the name has no address", "");
        }
        try {
            return new ListeningPort(sockets.listen(address));
        } catch (BindException e) {
            boolean taken = String.valueOf(e.getMessage()).contains("in use");
            throw Failure.of(
                    FailureKind.HOST,
                    "cannot listen for TFTP on " + where + ": "
                            + (taken ? "address already in use" : Failure.reason(e)),
                    taken
                            ? "another server has this port: find it with 'ss -lunp' and stop it, or use another port"
                            : "use an address that this host has: see 'ip address'",
                    e);
        } catch (IOException e) {
            boolean forbidden = String.valueOf(e.getMessage()).contains("ermission denied");
            throw Failure.of(
                    FailureKind.HOST,
                    "cannot listen for TFTP on " + where + ": " + Failure.reason(e),
                    forbidden ? "ports below 1024 need root" : "",
                    e);
        }
    }

    private static void abandon(List<ListeningPort> ports, Selector selector, Exception problem) {
        try {
            for (ListeningPort port : ports) {
                port.channel().close();
            }
            if (selector != null) {
                selector.close();
            }
        } catch (IOException e) {
            problem.addSuppressed(e);
        }
    }
}
