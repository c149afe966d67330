package dev.nbroot.system.linux;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * {@link Namespaces} by unshare(1) and nsenter(1).
 *
 * <p>This is the one place that starts a process without {@link LinuxCommands}: the holder's standard input must stay
 * open for as long as this JVM lives, and no other process may hold its other end.
 */
public final class LinuxNamespaces implements Namespaces {
    private static final long END_MILLIS = 10_000;

    /**
     * The host's /proc, still mounted at first, tells the holder its process id on the host. Then it waits for the end
     * of its input; being process 1 of the namespace, it takes every other process there with it.
     */
    private static final String HOLD = "read -r pid rest </proc/self/stat && mount -t proc proc /proc && %s"
            + "echo \"$pid\" && while read -r line; do :; done";

    @Override
    public Namespace open() {
        return hold(List.of("--mount", "--pid", "--uts"), "");
    }

    @Override
    public Namespace openWithNetwork() {
        return hold(List.of("--mount", "--pid", "--uts", "--net"), "ip link set lo up && ");
    }

    private static Namespace hold(List<String> kinds, String setUp) {
        // A session of its own, or Ctrl-C at the terminal would end it before nbroot can end what runs inside.
        List<String> argv =
                new ArrayList<>(List.of("setsid", "unshare", "--fork", "--kill-child", "--propagation", "private"));
        argv.addAll(kinds);
        argv.addAll(List.of("--", "sh", "-c", HOLD.formatted(setUp)));
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        try {
            Process unshare = builder.start();
            try (BufferedReader reader = unshare.inputReader(StandardCharsets.UTF_8)) {
                String first = reader.readLine();
                if (first != null && first.matches("[0-9]+")) {
                    return new Held(unshare, Long.parseLong(first), kinds);
                }
                unshare.destroyForcibly();
                throw Failure.of(
                        FailureKind.HOST,
                        "cannot make private namespaces: " + (first == null ? "unshare ended" : first),
                        "run nbroot as root, on a machine or container that may use unshare(2)");
            }
        } catch (IOException e) {
            throw Failure.of(
                    FailureKind.HOST,
                    "cannot make private namespaces: " + Failure.reason(e),
                    "apt-get install util-linux",
                    e);
        }
    }

    private record Held(Process unshare, long init, List<String> kinds) implements Namespace {
        @Override
        public Invocation inside(Invocation invocation) {
            List<String> prefix = new ArrayList<>(List.of("nsenter", "--target", Long.toString(init)));
            prefix.addAll(kinds);
            // --wd would be looked up outside, where a directory on a mount of the inside does not exist.
            prefix.add("--wdns=" + invocation.directory().orElse(Path.of("/")));
            prefix.add("--");
            return invocation.in(Path.of("/")).behind(prefix);
        }

        @Override
        public Path path(Path inside) {
            return Path.of("/proc/" + init + "/root").resolve(Path.of("/").relativize(inside));
        }

        @Override
        public <T> T onNetwork(Supplier<T> work) {
            return NetworkThread.run(Path.of("/proc/" + init + "/ns/net"), work);
        }

        @Override
        public void close() {
            boolean interrupted = Thread.interrupted();
            try {
                unshare.getOutputStream().close();
                if (!unshare.waitFor(END_MILLIS, TimeUnit.MILLISECONDS)) {
                    unshare.destroyForcibly();
                    throw Failure.of(
                            FailureKind.FAILED,
                            "processes in the private namespace of process " + init + " do not end",
                            "look at them with: ps -ef --forest");
                }
            } catch (IOException e) {
                throw Failure.of(FailureKind.FAILED, "cannot close the private namespace: " + Failure.reason(e), "", e);
            } catch (InterruptedException e) {
                interrupted = true;
                unshare.destroyForcibly();
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
