package dev.nbroot.tftp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Many downloads at once, for measuring servers: {@code src/test/c/tftpload.c}, in C so that it takes little of the
 * machine that it shares with the server. It compares every block.
 *
 * <p>Like the servers it runs in a session of its own: the kernel shares a busy machine among sessions (sched(7),
 * "autogroup"), so a server that forks for each client gets no more of it than one with a single thread.
 */
final class LoadClient {
    private final Path program;

    private LoadClient(Path program) {
        this.program = program;
    }

    /** Compiles the program into a directory. */
    static LoadClient compile(Path directory) throws IOException, InterruptedException {
        Path program = directory.resolve("tftpload");
        run(List.of("cc", "-O2", "-o", program.toString(), "src/test/c/tftpload.c"));
        return new LoadClient(program);
    }

    /**
     * What is fetched.
     *
     * @param file on this side; its name is asked for
     * @param loss probability with which a packet in either direction is dropped
     */
    record Load(Path file, int blksize, int window, int clients, double loss) {}

    /** What came of it; failures are counted, and the first ones quoted. */
    record Result(double seconds, long bytes, int failed, List<String> failures) {}

    Result fetch(InetSocketAddress server, Load load) throws IOException, InterruptedException {
        List<String> lines = run(List.of(
                "setsid",
                "--wait",
                program.toString(),
                server.getAddress().getHostAddress(),
                Integer.toString(server.getPort()),
                load.file().getFileName().toString(),
                load.file().toString(),
                Integer.toString(load.blksize()),
                Integer.toString(load.window()),
                Integer.toString(load.clients()),
                Double.toString(load.loss())));
        String[] words = lines.get(lines.size() - 1).split(" ");
        return new Result(
                Double.parseDouble(words[0]),
                Long.parseLong(words[1]),
                Integer.parseInt(words[2]),
                lines.subList(0, lines.size() - 1));
    }

    private static List<String> run(List<String> argv) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(argv + " failed: " + output);
        }
        return new ArrayList<>(output.lines().toList());
    }
}
