package dev.nbroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.http.HttpFileServer;
import dev.nbroot.http.HttpOutcome;
import dev.nbroot.http.HttpSettings;
import dev.nbroot.http.HttpTransfer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The boot tree by HTTP: what a client gets, and what none may get or do. */
@Timeout(60)
class HttpBootTreeTest {
    private static final int SIZE = 3_000_000;
    private static final int REQUESTS = 16;

    @TempDir
    private Path directory;

    private final BlockingQueue<HttpTransfer> ended = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final byte[] bytes = new byte[SIZE];
    private HttpFileServer server;
    private Path tree;

    @BeforeEach
    void serve() throws IOException {
        tree = Files.createDirectory(directory.resolve("tree"));
        new Random(7).nextBytes(bytes);
        Files.createDirectory(tree.resolve("nbroot"));
        Files.write(tree.resolve("nbroot/image file"), bytes);
        Files.write(tree.resolve("empty"), new byte[0]);
        Files.writeString(directory.resolve("secret"), "secret");
        start(4, Duration.ofSeconds(2));
    }

    private void start(int perClient, Duration patience) throws IOException {
        InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = new HttpFileServer(
                new HttpSettings(here, REQUESTS, perClient, patience), new BootTreeFiles(tree), ended::add);
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aFileComesWhole() throws Exception {
        HttpResponse<byte[]> response = get("/nbroot/image%20file");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(bytes);
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(SIZE);
        assertThat(response.headers().firstValue("Accept-Ranges")).contains("bytes");
        HttpTransfer told = ended();
        assertThat(told.outcome()).isEqualTo(HttpOutcome.DONE);
        assertThat(told.served()).isEqualTo("nbroot/image file");
        assertThat(told.bytes()).isEqualTo(SIZE);
    }

    @Test
    void partsComeAsAskedFor() throws Exception {
        HttpResponse<byte[]> part = get("/nbroot/image%20file", "Range", "bytes=2999990-");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 2999990-2999999/3000000");
        assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(bytes, 2_999_990, SIZE));
        assertThat(ended().range()).isEqualTo("2999990-2999999/3000000");

        HttpResponse<byte[]> behind = get("/nbroot/image%20file", "Range", "bytes=3000000-");
        assertThat(behind.statusCode()).isEqualTo(416);
        assertThat(behind.headers().firstValue("Content-Range")).contains("bytes */3000000");
        assertThat(behind.body()).isEmpty();
    }

    @Test
    void onlyTheHeadersOfAHead() throws Exception {
        HttpResponse<byte[]> head = client.send(
                request("/nbroot/image%20file").method("HEAD", none()).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(SIZE);
        assertThat(head.body()).isEmpty();
        assertThat(ended().outcome()).isEqualTo(HttpOutcome.PROBE);
    }

    @Test
    void anEmptyFileIsEmpty() throws Exception {
        HttpResponse<byte[]> response = get("/empty");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(0);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void whatTheClientHasIsNotSentAgainUntilItChanges() throws Exception {
        String path = "/nbroot/image%20file";
        HttpResponse<byte[]> first = get(path, "Range", "bytes=0-0");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        String date = first.headers().firstValue("Last-Modified").orElseThrow();
        assertThat(get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(get(path, "If-Modified-Since", date).statusCode()).isEqualTo(304);
        assertThat(get(path, "If-None-Match", "\"other\"", "If-Modified-Since", date)
                        .statusCode())
                .isEqualTo(200);
        assertThat(get(path, "Range", "bytes=0-9", "If-Range", tag).statusCode())
                .isEqualTo(206);

        Path other = Files.write(tree.resolve("other"), bytes);
        Files.move(other, tree.resolve("nbroot/image file"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(get(path, "If-None-Match", tag).statusCode()).isEqualTo(200);
        assertThat(get(path, "Range", "bytes=0-9", "If-Range", tag).statusCode())
                .as("a range of another version would be put behind what the client has")
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../secret",
                "/%2e%2e/secret",
                "/nbroot/..%2f..%2fsecret",
                "/nbroot/%5c..%5c..%5csecret",
                "/link",
                "/hidden/file",
                "/private",
                "/nbroot/",
                "/fifo%00",
                "//secret",
                "http://elsewhere/../secret",
                "*",
            })
    void nothingElseComesOut(String target) throws Exception {
        Files.createSymbolicLink(tree.resolve("link"), directory.resolve("secret"));
        Files.createDirectory(
                tree.resolve("hidden"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(tree.resolve("hidden/file"), "secret");
        Files.writeString(tree.resolve("private"), "secret");
        Files.setPosixFilePermissions(tree.resolve("private"), PosixFilePermissions.fromString("rw-------"));
        String answer = raw("GET " + target + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
        assertThat(answer).matches("(?s)HTTP/1.1 40[0345] .*").doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "POST", "DELETE", "OPTIONS", "PROPFIND"})
    void nothingCanBeDoneButRead(String method) throws Exception {
        String answer =
                raw(method + " /empty HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
        assertThat(answer).startsWith("HTTP/1.1 405 ").containsIgnoringCase("allow: GET, HEAD");
        assertThat(ended().outcome()).isEqualTo(HttpOutcome.DENIED);
    }

    @Test
    void whoTakesNothingIsGivenUp() throws Exception {
        Path large = tree.resolve("large");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            // More than the kernel holds for a connection, and than an int counts.
            file.setLength(3L << 30);
        }
        Files.setPosixFilePermissions(large, PosixFilePermissions.fromString("rw-r--r--"));
        try (Socket slow = connect()) {
            slow.getOutputStream()
                    .write("GET /large HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            HttpTransfer told = ended();
            assertThat(told.outcome()).isEqualTo(HttpOutcome.TIMED_OUT);
            assertThat(told.bytes()).isLessThan(3L << 30);
        }
        HttpResponse<byte[]> tail = get("/large", "Range", "bytes=3221225471-");
        assertThat(tail.statusCode()).isEqualTo(206);
        assertThat(tail.body()).hasSize(1);
    }

    @Test
    void whoGoesIsForgotten() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(tree.resolve("large").toFile(), "rw")) {
            file.setLength(1L << 30);
        }
        Files.setPosixFilePermissions(tree.resolve("large"), PosixFilePermissions.fromString("rw-r--r--"));
        try (Socket gone = connect()) {
            gone.getOutputStream()
                    .write("GET /large HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            gone.getInputStream().readNBytes(1000);
            gone.setSoLinger(true, 0);
        }
        assertThat(ended().outcome()).isEqualTo(HttpOutcome.CLIENT_GONE);
    }

    /** Four may be open, and wait until they are given up; the others are told to come again. */
    @Test
    void oneMachineCannotHaveThemAll() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(tree.resolve("large").toFile(), "rw")) {
            file.setLength(1L << 30);
        }
        Files.setPosixFilePermissions(tree.resolve("large"), PosixFilePermissions.fromString("rw-r--r--"));
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                Socket socket = connect();
                open.add(socket);
                socket.getOutputStream()
                        .write("GET /large HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
            HttpResponse<byte[]> refused = get("/empty");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
        while (get("/empty").statusCode() == 503) {
            Thread.sleep(10);
        }
    }

    /** More than are answered at once, and before the three seconds of each are over. */
    @ParameterizedTest
    @ValueSource(strings = {"GET /em", "GET /empty HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"})
    void whoSendsHalfARequestKeepsNobodyWaiting(String begun) throws Exception {
        server.close();
        start(1000, Duration.ofSeconds(2));
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 10 * REQUESTS; i++) {
                Socket half = connect();
                open.add(half);
                half.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
            }
            for (int i = 0; i < 5; i++) {
                long start = System.nanoTime();
                assertThat(get("/empty").statusCode()).isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(2500));
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void whoSendsMoreThanARequestIsRefused() throws Exception {
        HttpRequest asked = request("/empty")
                .method("GET", HttpRequest.BodyPublishers.ofString("more"))
                .build();
        assertThat(client.send(asked, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(413);
        assertThat(ended().outcome()).isEqualTo(HttpOutcome.BAD_REQUEST);
    }

    @Test
    void manyAtOnceAreAllServed() throws Exception {
        server.close();
        start(1000, Duration.ofSeconds(20));
        List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            all.add(client.sendAsync(request("/nbroot/image%20file").build(), HttpResponse.BodyHandlers.ofByteArray()));
        }
        for (CompletableFuture<HttpResponse<byte[]>> one : all) {
            assertThat(one.get().body()).isEqualTo(bytes);
        }
    }

    private HttpTransfer ended() throws InterruptedException {
        HttpTransfer transfer = ended.poll(30, TimeUnit.SECONDS);
        assertThat(transfer).as("the end of a request is told").isNotNull();
        return transfer;
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.address().getPort() + path));
    }

    private static HttpRequest.BodyPublisher none() {
        return HttpRequest.BodyPublishers.noBody();
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
    }

    private String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            in.transferTo(answer);
            return answer.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
