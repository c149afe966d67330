package dev.nbroot.client;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Makes the SSH host keys of a machine with ssh-keygen(1), of the types that sshd(8) looks for. */
public final class HostKeys {
    /** With the sizes that Debian's openssh-server makes at its installation. */
    private static final List<String> TYPES = List.of("rsa", "ecdsa", "ed25519");

    /** As they are told everywhere. */
    static final Comparator<HostKey> ORDER = Comparator.comparingInt(key -> TYPES.indexOf(key.type()));

    /** For ssh-keygen processes that were told to end: they do so at once, unless the disk hangs. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Commands commands;

    /** Makes keys by external commands. */
    public HostKeys(Commands commands) {
        this.commands = commands;
    }

    /**
     * Makes one key of each type, all at once because an RSA key alone takes most of the time.
     *
     * @param directory where they are made: empty, and for root only
     * @param comment the end of the public key's line, as in {@code root@node1}
     * @throws Failure of kind {@code COMMAND} when ssh-keygen fails, {@code HOST} when it is not installed
     */
    public List<HostKey> make(Path directory, String comment) {
        ExecutorService threads = Executors.newFixedThreadPool(TYPES.size());
        CompletionService<HostKey> ended = new ExecutorCompletionService<>(threads);
        try {
            TYPES.forEach(type -> ended.submit(() -> make(directory, type, comment)));
            List<HostKey> keys = new ArrayList<>();
            for (int i = 0; i < TYPES.size(); i++) {
                keys.add(ended.take().get());
            }
            keys.sort(ORDER);
            return List.copyOf(keys);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.of(FailureKind.INTERRUPTED, "interrupted while making SSH host keys", "");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Failure failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            end(threads);
        }
    }

    /** Interrupts what still runs and waits for it: the caller removes the directory that it writes to. */
    private static void end(ExecutorService threads) {
        threads.shutdownNow();
        boolean interrupted = false;
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!threads.isTerminated() && System.nanoTime() < end) {
            try {
                threads.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private HostKey make(Path directory, String type, String comment) {
        Path file = directory.resolve("ssh_host_" + type + "_key");
        Path publicFile = file.resolveSibling(file.getFileName() + ".pub");
        commands.run(Invocation.of("ssh-keygen", "-q", "-t", type, "-N", "", "-C", comment, "-f", file.toString()));
        try {
            String publicKey = Files.readString(publicFile);
            return new HostKey(type, fingerprint(publicKey), Files.readString(file), publicKey);
        } catch (IOException e) {
            throw Failure.io("read the new SSH host key", file, e);
        }
    }

    /** {@return the SHA-256 fingerprint of a line {@code TYPE BASE64 COMMENT} (sshd(8), "AUTHORIZED_KEYS")} */
    static String fingerprint(String publicKey) {
        byte[] blob = Base64.getDecoder().decode(publicKey.split(" ")[1].strip());
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
