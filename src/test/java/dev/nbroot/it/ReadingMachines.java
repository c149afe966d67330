package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.nfs.TreeReader;
import dev.nbroot.state.Generation;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Five machines that read a generation in a loop: three by the handles that they got at first, as a kernel does, and two
 * by libnfs's own program, which mounts each time.
 */
final class ReadingMachines implements AutoCloseable {
    private static final List<String> ADDRESSES = List.of("127.0.0.11", "127.0.0.12", "127.0.0.13");
    private static final long PATIENCE_MILLIS = 20_000;

    private final int files;
    private final List<TreeReader> readers = new ArrayList<>();
    private final List<Loop> loops = new ArrayList<>();

    /** A program in a loop: how often it has read the file, and what it has said besides. */
    private static final class Loop {
        private final AtomicLong reads = new AtomicLong();
        private final List<String> complaints = new CopyOnWriteArrayList<>();
        private Commands.Running running;

        void take(String line) {
            if (line.equals("read")) {
                reads.incrementAndGet();
            } else {
                complaints.add(line);
            }
        }
    }

    /**
     * Begins to read.
     *
     * @param contents by name, of files at the generation's top
     * @param scratch where a copy of a file may lie
     */
    ReadingMachines(Commands commands, int nfsPort, Generation generation, Map<String, byte[]> contents, Path scratch)
            throws IOException {
        files = contents.size();
        String tree = generation.tree().toString();
        for (String address : ADDRESSES) {
            readers.add(new TreeReader(nfsPort, address, tree, contents));
        }
        String name = contents.keySet().iterator().next();
        Path whole = Files.write(scratch.resolve("whole"), contents.get(name));
        String url = "nfs://127.0.0.1" + tree + "/" + name + "?nfsport=" + nfsPort + "&mountport=" + nfsPort;
        for (int i = 0; i < 2; i++) {
            Loop loop = new Loop();
            loops.add(loop);
            loop.running = commands.start(
                    Invocation.of(
                            "sh",
                            "-c",
                            "while :; do nfs-cat \"$1\" | cmp - \"$2\" || echo differs; echo read; done",
                            "sh",
                            url,
                            whole.toString()),
                    loop::take);
        }
    }

    /** Waits until each has read everything once more, and asserts that none has seen an error since it began. */
    void readOn() throws InterruptedException {
        for (TreeReader reader : readers) {
            long before = reader.reads();
            for (int i = 0; i < PATIENCE_MILLIS / 10 && reader.reads() < before + files; i++) {
                Thread.sleep(10);
            }
            assertThat(reader.errors()).isEmpty();
            assertThat(reader.reads()).isGreaterThanOrEqualTo(before + files);
        }
        for (Loop loop : loops) {
            long before = loop.reads.get();
            for (int i = 0; i < PATIENCE_MILLIS / 10 && loop.running.isAlive() && loop.reads.get() == before; i++) {
                Thread.sleep(10);
            }
            assertThat(loop.complaints).isEmpty();
            assertThat(loop.reads.get()).isGreaterThan(before);
        }
    }

    /** {@return the machines that a server's restart does not end} */
    List<TreeReader> kernels() {
        return readers;
    }

    /** Ends the programs that mount each time: without a server they fail. */
    void endPrograms() {
        loops.forEach(loop -> loop.running.close());
        loops.clear();
    }

    @Override
    public void close() throws IOException {
        endPrograms();
        for (TreeReader reader : readers) {
            reader.close();
        }
    }
}
