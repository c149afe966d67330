package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What must be on the host after a test as it was before: mounts, our kinds of processes, and network namespaces.
 *
 * @param mounts mount points
 * @param processes the command lines of programs that nbroot starts
 * @param namespaces the network namespaces that processes are in
 */
public record HostSnapshot(List<String> mounts, Set<String> processes, Set<String> namespaces) {
    private static final Set<String> OURS = Set.of(
            "qemu-system-x86", "qemu-system-x86_64", "dnsmasq", "unshare", "nsenter", "debootstrap", "apt-get", "dpkg");

    /** {@return how things are now} */
    public static HostSnapshot take() {
        try {
            return new HostSnapshot(
                    Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                            .map(line -> line.split(" ")[4])
                            .sorted()
                            .toList(),
                    ourProcesses(),
                    networks());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Fails unless everything is as it was; processes get a few seconds to end. */
    public void assertNothingLeft() throws InterruptedException {
        for (int i = 0; i < 50 && !processes.containsAll(take().processes); i++) {
            Thread.sleep(100);
        }
        HostSnapshot now = take();
        assertThat(now.mounts).as("mounts").isEqualTo(mounts);
        assertThat(processes).as("processes before; now: %s", now.processes).containsAll(now.processes);
        assertThat(namespaces)
                .as("network namespaces before; now: %s", now.namespaces)
                .containsAll(now.namespaces);
    }

    private static Set<String> ourProcesses() throws IOException {
        return eachProcess(process -> {
            String name = Files.readString(process.resolve("comm")).strip();
            String command = Files.readString(process.resolve("cmdline"))
                    .replace('\0', ' ')
                    .strip();
            return OURS.contains(name) || command.contains("target/nbroot")
                    ? process.getFileName() + " " + command
                    : "";
        });
    }

    /**
     * Another program beside this test may start and end what it likes. What nbroot has left behind is an orphan: its parent,
     * or that of the process of our kinds above it, is init, or a systemd that takes in the orphans of a session.
     */
    private static boolean isSomebodyElses(Path process) {
        List<ProcessHandle> above = Stream.iterate(
                        ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                                .flatMap(ProcessHandle::parent),
                        Optional::isPresent,
                        parent -> parent.flatMap(ProcessHandle::parent))
                .map(Optional::get)
                .toList();
        boolean started = above.stream()
                .anyMatch(ancestor -> ancestor.pid() == ProcessHandle.current().pid());
        Optional<ProcessHandle> foreign =
                above.stream().filter(ancestor -> !isOurKind(ancestor)).findFirst();
        return !started
                && foreign.isPresent()
                && foreign.get().pid() != 1
                && !command(foreign.get()).endsWith("/systemd");
    }

    private static boolean isOurKind(ProcessHandle process) {
        String command = command(process);
        return OURS.contains(command.substring(command.lastIndexOf('/') + 1)) || command.contains("target/nbroot");
    }

    private static String command(ProcessHandle process) {
        return process.info().command().orElse("");
    }

    private static Set<String> networks() throws IOException {
        return eachProcess(
                process -> Files.readSymbolicLink(process.resolve("ns/net")).toString());
    }

    @FunctionalInterface
    private interface Question {
        String ask(Path process) throws IOException;
    }

    private static Set<String> eachProcess(Question question) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
                    .filter(entry -> !isSomebodyElses(entry))
                    .map(process -> {
                        try {
                            return question.ask(process);
                        } catch (IOException ended) {
                            return "";
                        }
                    })
                    .filter(answer -> !answer.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
