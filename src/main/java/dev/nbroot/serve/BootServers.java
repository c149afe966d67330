package dev.nbroot.serve;

import dev.nbroot.http.HttpFileServer;
import dev.nbroot.http.HttpSettings;
import dev.nbroot.nfs.NfsServer;
import dev.nbroot.nfs.NfsSettings;
import dev.nbroot.nfs.rpc.BindFailure;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Neighbours;
import dev.nbroot.system.PortHolders;
import dev.nbroot.system.PosixFiles;
import dev.nbroot.tftp.TftpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** All protocol servers of one {@code nbroot serve}, bound together and closed together. */
public final class BootServers implements AutoCloseable {
    /** What the servers stand on, beside the state directory. */
    public record Ground(PosixFiles posix, PortHolders holders, Neighbours neighbours, Events events) {}

    private static final long TICK_SECONDS = 5;

    private final ServeSettings settings;
    private final StateDirectory state;
    private final Ground ground;
    private final EventQueue events;
    private final UseLog uses;
    private final ServedState served;
    private final Machines machines;
    private final SilentViews silent;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<String, Object> endpoints = new LinkedHashMap<>();

    private final BootWatch watch;

    private BootServers(
            ServeSettings settings,
            StateDirectory state,
            Rehearsed rehearsed,
            Ground ground,
            Function<Events, UseLog> uses,
            Function<Events, BootWatch> watch) {
        this.settings = settings;
        this.state = state;
        this.ground = ground;
        this.events = new EventQueue(ground.events());
        open.push(events);
        this.uses = uses.apply(events);
        this.watch = watch.apply(events);
        open.push(this.watch);
        this.served = new ServedState(state, rehearsed, events, System::nanoTime);
        this.machines = new Machines(served, ground.neighbours(), System::nanoTime);
        this.silent = new SilentViews(Presence.byEcho(ground.neighbours()), System::nanoTime);
    }

    /**
     * Binds every socket and begins to serve; says {@link Event.Ready} when all listen.
     *
     * @param trees opens what is exported; closed by the caller, after the servers
     * @param uses makes what is told which machine uses which generation; what it has to say goes to the given listener
     * @throws Failure of kind {@code HOST} when a port cannot be bound, saying who holds it; then nothing is bound
     */
    public static BootServers start(
            ServeSettings settings, StateDirectory state, Trees trees, Ground ground, Function<Events, UseLog> uses) {
        return start(settings, state, trees, ground, uses, told -> BootWatch.none());
    }

    /**
     * As {@link #start(ServeSettings, StateDirectory, Trees, Ground, Function)}, with a boot tree that changes.
     *
     * @param watch makes what changes it; what it has to say goes to the given listener
     */
    public static BootServers start(
            ServeSettings settings,
            StateDirectory state,
            Trees trees,
            Ground ground,
            Function<Events, UseLog> uses,
            Function<Events, BootWatch> watch) {
        BootServers servers = new BootServers(settings, state, trees.rehearsed(), ground, uses, watch);
        try {
            settings.tftp().ifPresent(servers::startTftp);
            settings.tftp().ifPresent(servers::startHttp);
            servers.startNfs(trees);
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
        servers.events.on(new Event.Ready(servers.endpoints()));
        return servers;
    }

    private void startTftp(Path tree) {
        TftpServer tftp = new TftpServer(
                settings.tftpChoices().settings(new InetSocketAddress(settings.address(), settings.tftpPort())),
                new WatchedFiles(
                        settings.tftpChoices().files(tree),
                        watch,
                        client -> machines.card(client.getAddress()),
                        silent::boots,
                        System::nanoTime),
                new TftpActivity(machines, events, new BootFileUses(state, machines, uses)));
        try {
            tftp.start();
        } catch (Failure failure) {
            throw Optional.of(failure)
                    .filter(problem -> problem.getMessage().contains("in use"))
                    .flatMap(problem -> holder(PortHolders.Protocol.UDP, settings.tftpPort()))
                    .map(holder -> taken(holder, failure))
                    .orElse(failure);
        }
        open.push(tftp);
        endpoints.put("tftp", tftp.addresses().get(0).getPort());
    }

    private void startHttp(Path tree) {
        if (settings.http().isEmpty()) {
            return;
        }
        HttpChoice choice = settings.http().get();
        InetSocketAddress address = new InetSocketAddress(settings.address(), choice.port());
        HttpFileServer http = new HttpFileServer(
                HttpSettings.on(address),
                new BootTreeFiles(tree),
                new HttpActivity(machines, events, new BootFileUses(state, machines, uses)));
        try {
            http.start();
        } catch (IOException e) {
            Failure failure = httpFailure(choice.port(), e);
            if (choice.insists()) {
                throw failure;
            }
            tell(Event.Level.WARNING, "HTTP is not served, machines will use TFTP instead: " + failure.getMessage());
            return;
        }
        open.push(http);
        endpoints.put("http", http.address().getPort());
    }

    private Failure httpFailure(int port, IOException problem) {
        return Optional.of(port)
                .filter(taken -> String.valueOf(problem.getMessage()).contains("in use"))
                .flatMap(taken -> holder(PortHolders.Protocol.TCP, taken))
                .map(holder -> taken(holder, problem))
                .orElseGet(() -> Failure.of(
                        FailureKind.HOST,
                        "cannot listen for HTTP on " + settings.address().getHostAddress() + ":" + port + ": "
                                + Failure.reason(problem),
                        "ports below 1024 need root; the address must be one of this host's: ip -4 address",
                        problem));
    }

    private void startNfs(Trees trees) {
        for (ExportRule rule : settings.exports()) {
            rule.caution().ifPresent(text -> events.on(new Event.Notice(Event.Level.WARNING, text)));
        }
        Grants grants = new Grants(settings.exports(), OwnNetworks.of(settings.address()));
        ExportTable table = new ExportTable(state, served, trees, grants);
        NfsActivity activity = new NfsActivity(machines, events, System::nanoTime);
        ExportRules rules = new ExportRules(state, table, machines, uses, silent);
        NfsServer nfs = new NfsServer(
                NfsSettings.usual(settings.address(), new HandleSecret(state.nfsKey()).get())
                        .withPorts(settings.nfsPort(), settings.nfsPort(), settings.portmapPort()),
                ground.posix(),
                rules,
                activity);
        try {
            nfs.start();
        } catch (BindFailure e) {
            throw bindFailure(e);
        } catch (IOException e) {
            throw Failure.of(FailureKind.HOST, "cannot start the NFS server: " + Failure.reason(e), "", e);
        }
        open.push(nfs);
        // Now that machines are served, and not for a server that cannot start: its time is none of service.
        uses.tick();
        startClock("serve-clock", activity::tick, uses::tick, nfs::releaseForgotten);
        // Each machine that does not answer takes a second.
        startClock("serve-views", () -> letGo(nfs, rules));
        startClock("serve-kernels", watch::tick);
        endpoints.put("nfs", nfs.nfsPort());
        endpoints.put("portmap", nfs.portmapPort());
    }

    /** Made here and not by a call: threads that serve clients act as those, and would pass that on. */
    private void startClock(String name, Runnable... ticks) {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        for (Runnable tick : ticks) {
            clock.scheduleWithFixedDelay(() -> tryToRun(tick), TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
        }
        open.push(clock::shutdownNow);
    }

    /** What fails once, as when there are no file descriptors left, is to be tried again; the clock would stop it for ever. */
    private void tryToRun(Runnable tick) {
        try {
            tick.run();
        } catch (RuntimeException | OutOfMemoryError e) {
            tell(Event.Level.WARNING, "what the servers do every few seconds failed, and is tried again: " + e);
        }
    }

    private void letGo(NfsServer nfs, ExportRules rules) {
        try {
            silent.tick(nfs::release, (client, decided) -> {
                rules.released(client, decided);
                tell(Event.Level.DETAIL, client.named() + " is off: its view is not in use any more");
            });
        } catch (IOException e) {
            tell(Event.Level.WARNING, "the view of a machine that is off stays in use: " + Failure.reason(e));
        }
    }

    private void tell(Event.Level level, String text) {
        events.on(new Event.Notice(level, text));
    }

    private Failure bindFailure(BindFailure problem) {
        int port = problem.address().getPort();
        return Optional.of(PortHolders.Protocol.TCP)
                .filter(tcp -> problem.taken())
                .flatMap(tcp -> holder(tcp, port).or(() -> holder(PortHolders.Protocol.UDP, port)))
                .map(holder -> taken(holder, problem))
                .orElseGet(() -> Failure.of(
                        FailureKind.HOST,
                        "cannot listen for NFS: " + problem.getMessage(),
                        "ports below 1024 need root; the address must be one of this host's: ip -4 address",
                        problem));
    }

    private Optional<String> holder(PortHolders.Protocol protocol, int port) {
        return ground.holders().find(protocol, port).map(who -> protocol + " port " + port + " is taken by " + who);
    }

    private static Failure taken(String what, Exception cause) {
        return Failure.of(FailureKind.HOST, what, "stop it, or give serve other ports: nbroot serve --help", cause);
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
