package dev.nbroot.system.linux;

import com.sun.jna.Native;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Runs work on a fresh thread that has entered another network namespace, and that ends with the work. */
final class NetworkThread {
    private static final int AT_FDCWD = -100;
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final long SETNS = 308;
    private static final long CLONE_NEWNET = 0x40000000;

    private NetworkThread() {}

    static <T> T run(Path namespace, Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> complete(result, namespace, work), "network-namespace");
        thread.start();
        try {
            return result.get();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw Failure.of(FailureKind.INTERRUPTED, "interrupted", "");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Failure failure) {
                throw failure;
            }
            throw new CompletionException(e.getCause());
        }
    }

    private static <T> void complete(CompletableFuture<T> result, Path namespace, Supplier<T> work) {
        try {
            enter(namespace);
            result.complete(work.get());
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    private static void enter(Path namespace) {
        int descriptor = KernelCalls.openat(AT_FDCWD, namespace.toString(), O_RDONLY_CLOEXEC);
        boolean entered = descriptor >= 0 && KernelCalls.syscall(SETNS, descriptor, CLONE_NEWNET) == 0;
        int errno = Native.getLastError();
        if (descriptor >= 0) {
            KernelCalls.close(descriptor);
        }
        if (!entered) {
            throw Failure.of(
                    FailureKind.HOST,
                    "cannot enter the network namespace " + namespace + ": " + KernelCalls.strerror(errno),
                    "run nbroot as root");
        }
    }
}
