package dev.nbroot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a mode costs a machine that has just let somebody log in, for the table in the manual. */
final class ModeFigures {
    private static final Path FILE = Path.of("target/it/mode-figures.txt");

    private ModeFigures() {}

    /** Adds a line: memory in kB (total, available, shared with tmpfs), bytes over the network since the kernel started. */
    static void note(String mode, Machine machine) throws IOException {
        String said =
                machine.says("awk '/MemTotal|MemAvailable|Shmem:|Cached:/ {printf \"%s%s \", $1, $2}' /proc/meminfo;"
                        + " cat /sys/class/net/e*/statistics/rx_bytes /sys/class/net/e*/statistics/tx_bytes | tr '\\n' ' ';"
                        + " cut -d' ' -f1 /proc/uptime");
        write(mode + ": " + said);
    }

    /** Adds what the server has of it. */
    static void own(String mode, long bytes) throws IOException {
        write(mode + ": own files on the server: " + bytes);
    }

    private static void write(String line) throws IOException {
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
