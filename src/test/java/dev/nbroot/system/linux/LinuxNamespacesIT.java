package dev.nbroot.system.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import dev.nbroot.report.Events;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Needs root: only root may make mount namespaces without a user namespace around them. */
@Timeout(120)
class LinuxNamespacesIT {
    private final Commands commands = new LinuxCommands(Events.none());
    private final Namespaces namespaces = new LinuxNamespaces();

    @TempDir
    Path directory;

    @BeforeEach
    void needs() {
        Needs.root();
    }

    private static List<String> mounts() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo"));
    }

    private List<String> inside(Namespaces.Namespace namespace, String... argv) {
        return commands.run(namespace.inside(Invocation.of(argv))).lines();
    }

    @Test
    void mountsInsideAreNotSeenOutside() throws IOException {
        List<String> before = mounts();
        try (Namespaces.Namespace namespace = namespaces.open()) {
            inside(namespace, "mount", "-t", "tmpfs", "tmpfs", directory.toString());
            inside(namespace, "touch", directory + "/inside");
            assertThat(directory.resolve("inside")).doesNotExist();
            assertThat(namespace.path(directory.resolve("inside"))).exists();
            assertThat(mounts()).isEqualTo(before);
        }
        assertThat(mounts()).isEqualTo(before);
    }

    @Test
    void processesInsideSeeOnlyThemselves() {
        try (Namespaces.Namespace namespace = namespaces.open()) {
            assertThat(inside(namespace, "sh", "-c", "ls -d /proc/[0-9]* | wc -l")
                            .get(0))
                    .satisfies(count -> assertThat(Integer.parseInt(count)).isLessThan(8));
        }
    }

    @Test
    void theHostNameInsideIsItsOwn() throws IOException {
        String before = Files.readString(Path.of("/proc/sys/kernel/hostname"));
        try (Namespaces.Namespace namespace = namespaces.open()) {
            inside(namespace, "sh", "-c", "echo inside >/proc/sys/kernel/hostname");
            assertThat(inside(namespace, "uname", "-n")).containsExactly("inside");
            assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isEqualTo(before);
        }
    }

    @Test
    void aNetworkInsideHasTheLoopbackOnly() {
        try (Namespaces.Namespace namespace = namespaces.openWithNetwork()) {
            assertThat(inside(namespace, "ip", "-o", "link"))
                    .singleElement()
                    .asString()
                    .contains("lo:")
                    .contains("UP");
        }
    }

    @Test
    void theWorkingDirectoryIsThatOfTheInside() {
        try (Namespaces.Namespace namespace = namespaces.open()) {
            inside(namespace, "mount", "-t", "tmpfs", "tmpfs", directory.toString());
            inside(namespace, "mkdir", directory + "/below");
            Path below = directory.resolve("below");
            assertThat(commands.run(namespace.inside(Invocation.of("pwd").in(below)))
                            .lines())
                    .containsExactly(below.toString());
        }
    }

    @Test
    void closingEndsDaemonsInside() {
        String marker = directory.resolve("marker").toString();
        try (Namespaces.Namespace namespace = namespaces.open()) {
            inside(
                    namespace,
                    "sh",
                    "-c",
                    "setsid sh -c 'trap \"\" TERM HUP; sleep 300; : " + marker + "' >/dev/null 2>&1 &");
            assertThat(processesNaming(marker)).isNotEmpty();
        }
        assertThat(processesNaming(marker)).isEmpty();
    }

    @Test
    void afterSigkillOfTheJvmNeitherProcessNorMountIsLeft() throws Exception {
        List<String> before = mounts();
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader reader = jvm.inputReader(StandardCharsets.UTF_8)) {
            assertThat(reader.readLine()).isEqualTo("mounted");
            awaitUntil(() -> !processesNaming(directory + "/sleeper").isEmpty());
            assertThat(mountsOfAnyProcess(directory)).isNotEmpty();
            jvm.destroyForcibly().waitFor();
        }
        awaitUntil(() -> mountsOfAnyProcess(directory).isEmpty()
                && processesNaming(directory.toString()).isEmpty());
        assertThat(processesNaming(directory.toString())).isEmpty();
        assertThat(mountsOfAnyProcess(directory)).isEmpty();
        assertThat(mounts()).isEqualTo(before);
    }

    /** A program that mounts a tmpfs on its argument, starts something that runs long, and waits to be killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) {
            Commands commands = new LinuxCommands(Events.none());
            Namespaces.Namespace namespace = new LinuxNamespaces().open();
            commands.run(namespace.inside(Invocation.of("mount", "-t", "tmpfs", "tmpfs", args[0])));
            System.out.println("mounted");
            commands.run(namespace.inside(Invocation.of("sh", "-c", "sleep 300; : " + args[0] + "/sleeper")));
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void awaitUntil(Condition condition) throws IOException, InterruptedException {
        for (int i = 0; i < 200 && !condition.holds(); i++) {
            Thread.sleep(50);
        }
    }

    private static List<String> processesNaming(String text) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .map(process -> cmdline(process.pid()))
                .filter(line -> line.contains(text))
                .toList();
    }

    private static String cmdline(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
        } catch (IOException ended) {
            return "";
        }
    }

    private static List<String> mountsOfAnyProcess(Path below) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
                    .flatMap(LinuxNamespacesIT::mountinfo)
                    .filter(line -> line.contains(" " + below))
                    .toList();
        }
    }

    private static Stream<String> mountinfo(Path process) {
        try {
            return Files.readAllLines(process.resolve("mountinfo")).stream();
        } catch (IOException ended) {
            return Stream.empty();
        }
    }
}
