package dev.nbroot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Other people's TFTP clients fetch files from the server; every byte is compared. */
class TftpForeignClientsIT {
    private static final int[] SIZES = {0, 511, 512, 513, 1 << 20, 40_000_000};

    @TempDir
    static Path root;

    private static final Ends ENDS = new Ends();
    private static TftpServer server;

    @TempDir
    Path work;

    @BeforeAll
    static void serve() throws Exception {
        for (int size : SIZES) {
            byte[] content = new byte[size];
            new Random(size).nextBytes(content);
            Files.write(root.resolve(size + ".bin"), content);
        }
        Files.writeString(root.resolve("lines.txt"), "first\nsecond\r\nthird\rend\n".repeat(1000));
        server = new TftpServer(
                TftpSettings.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                RootFiles.below(root),
                ENDS);
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void forget() {
        ENDS.clear();
    }

    /** One way to fetch: {@code %R} is the remote name, {@code %L} the local file, {@code %P} the port. */
    private record Way(String tool, int blksize, int window, List<String> argv) {
        @Override
        public String toString() {
            return String.join(" ", argv);
        }
    }

    private static Way way(int blksize, int window, String... argv) {
        return new Way(argv[0], blksize, window, List.of(argv));
    }

    static Stream<Way> ways() {
        String url = "tftp://127.0.0.1:%P/%R";
        return Stream.of(
                way(512, 1, "tftp", "-m", "binary", "127.0.0.1", "%P", "-c", "get", "%R", "%L"),
                way(512, 1, "curl", "-sS", "-o", "%L", url),
                way(512, 1, "curl", "-sS", "--tftp-no-options", "-o", "%L", url),
                way(1428, 1, "curl", "-sS", "--tftp-blksize", "1428", "-o", "%L", url),
                way(65464, 1, "curl", "-sS", "--tftp-blksize", "65464", "-o", "%L", url),
                way(512, 1, "atftp", "-g", "-r", "%R", "-l", "%L", "127.0.0.1", "%P"),
                atftp(1428, 1),
                atftp(1428, 16),
                atftp(8192, 8),
                atftp(512, 64));
    }

    private static Way atftp(int blksize, int window) {
        List<String> argv = new ArrayList<>(List.of("atftp", "--option", "tsize", "--option", "blksize " + blksize));
        argv.addAll(List.of("--option", "timeout 3"));
        if (window > 1) {
            argv.addAll(List.of("--option", "windowsize " + window));
        }
        argv.addAll(List.of("-g", "-r", "%R", "-l", "%L", "127.0.0.1", "%P"));
        return new Way("atftp", blksize, window, argv);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void fetchesEverySizeUnchanged(Way way) throws Exception {
        assumeInstalled(way.tool());
        for (int size : SIZES) {
            String name = size + ".bin";
            Path local = work.resolve(name);
            run(way, name, local);
            assertThat(digest(local)).as(name).isEqualTo(digest(root.resolve(name)));
            TransferEnd end = ENDS.next();
            assertThat(end.outcome()).as(name + ": " + end.reason()).isEqualTo(Outcome.DONE);
            assertThat(end.bytes()).isEqualTo(size);
            assertThat(end.blksize()).isEqualTo(way.blksize());
            assertThat(end.window()).isEqualTo(way.window());
            Files.delete(local);
        }
    }

    @Test
    void fetchesTextInNetascii() throws Exception {
        assumeInstalled("tftp");
        Path local = work.resolve("lines");
        run(way(512, 1, "tftp", "-m", "netascii", "127.0.0.1", "%P", "-c", "get", "%R", "%L"), "lines.txt", local);
        assertThat(Files.readString(local)).isEqualTo(Files.readString(root.resolve("lines.txt")));
    }

    @Test
    void tellsAMissingFileInWords() throws Exception {
        assumeInstalled("curl");
        Process curl = start(List.of("curl", "-sS", "tftp://127.0.0.1:" + port() + "/none"));
        curl.getInputStream().readAllBytes();
        assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(curl.exitValue())
                .as("curl's status for 'TFTP file not found'")
                .isEqualTo(68);
        assertThat(ENDS.next().outcome()).isEqualTo(Outcome.MISSING);
    }

    private static int port() {
        return server.addresses().get(0).getPort();
    }

    private static void assumeInstalled(String tool) {
        boolean found = Stream.of("/usr/bin", "/usr/local/bin", "/bin")
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
        Needs.that(found, "needs the client " + tool);
    }

    private void run(Way way, String remote, Path local) throws Exception {
        List<String> argv = way.argv().stream()
                .map(word -> word.replace("%R", remote)
                        .replace("%L", local.toString())
                        .replace("%P", Integer.toString(port())))
                .toList();
        Process process = start(argv);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running after 120 s: " + argv);
        }
        assertThat(process.exitValue()).as(argv + ": " + output).isZero();
    }

    private Process start(List<String> argv) throws Exception {
        return new ProcessBuilder(argv)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
    }

    private static String digest(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
