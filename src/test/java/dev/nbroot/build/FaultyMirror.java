package dev.nbroot.build;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.nbroot.system.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A mirror on the loopback interface that passes on what the host's own mirror has, except for the paths that it is told
 * to spoil.
 */
final class FaultyMirror implements AutoCloseable {
    private static final int OK = 200;

    /** What may happen to a file on its way. */
    enum Fault {
        /** The connection is accepted, and nothing is ever said. */
        SILENT,
        /** Half of it comes, then nothing more. */
        STALLED,
        /** Half of it comes, then the connection is closed. */
        TRUNCATED,
        /** One byte is another one. */
        ALTERED,
        /** 404. */
        MISSING,
        /** 500. */
        BROKEN
    }

    private final Map<String, String> sources;
    private final Path kept;
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);

    private FaultyMirror(Map<String, String> sources, Path kept) throws IOException {
        this.sources = sources;
        this.kept = Files.createDirectories(kept);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /**
     * {@return a mirror of an archive and, beside it, of its security updates}
     *
     * @param kept a directory where files stay that never change, for the next test run
     */
    static FaultyMirror of(Archive archive, Path kept) throws IOException {
        return new FaultyMirror(
                Map.of(
                        "/debian/", archive.uri() + "/",
                        "/debian-security/", archive.security().get(0) + "/"),
                kept);
    }

    /** {@return its address, for {@code bootstrap.mirror}} */
    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/debian";
    }

    /** Spoils all files whose path ends so, from now on. */
    void spoil(String ending, Fault fault) {
        faults.put(".*\\Q" + ending + "\\E", fault);
    }

    /** Spoils all files whose path has this in it, from now on. */
    void spoilAll(String part, Fault fault) {
        faults.put(".*\\Q" + part + "\\E.*", fault);
    }

    /** Spoils nothing any more. */
    void heal() {
        faults.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            Fault fault = faults.entrySet().stream()
                    .filter(entry -> path.matches(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
            if (fault == Fault.SILENT) {
                await();
            } else if (fault == Fault.MISSING || fault == Fault.BROKEN) {
                exchange.sendResponseHeaders(fault == Fault.MISSING ? 404 : 500, -1);
            } else {
                send(exchange, path, fault);
            }
        }
    }

    private void send(HttpExchange exchange, String path, Fault fault) throws IOException {
        Path file = fetch(path);
        if (file == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        byte[] bytes = Files.readAllBytes(file);
        boolean half = fault == Fault.STALLED || fault == Fault.TRUNCATED;
        if (fault == Fault.ALTERED) {
            bytes[bytes.length / 2] ^= 1;
        }
        exchange.sendResponseHeaders(OK, bytes.length);
        OutputStream out = exchange.getResponseBody();
        out.write(bytes, 0, half ? bytes.length / 2 : bytes.length);
        out.flush();
        if (fault == Fault.STALLED) {
            await();
        }
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return a copy of what the real mirror has, or null when it has no such file} */
    private Path fetch(String path) throws IOException {
        Map.Entry<String, String> source = sources.entrySet().stream()
                .filter(entry -> path.startsWith(entry.getKey()))
                .findFirst()
                .orElse(null);
        if (source == null) {
            return null;
        }
        String address = source.getValue() + path.substring(source.getKey().length());
        Path file = kept.resolve(Sha256.of(address));
        boolean constant = path.contains("/by-hash/") || path.endsWith(".deb");
        if (constant && Files.exists(file)) {
            return file;
        }
        Path beside = Files.createTempFile(kept, "", ".part");
        try (InputStream in = URI.create(address).toURL().openStream()) {
            Files.copy(in, beside, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileNotFoundException e) {
            Files.delete(beside);
            return null;
        }
        return Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
