package dev.nbroot.command;

import dev.nbroot.client.ViewFile;
import dev.nbroot.report.Failure;
import dev.nbroot.stage.OwnKernel;
import dev.nbroot.state.ClientKernel;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.Sha256;
import dev.nbroot.system.TreeRemoval;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongConsumer;

/**
 * A machine's kernel and initrd, copied to where the machine cannot change them any more; gone again when it is closed,
 * unless it was published.
 */
final class KernelCopy implements AutoCloseable {
    private static final long MOST_KERNEL = 64L << 20;
    private static final long MOST_INITRD = 1L << 30;
    /** A stage that has read the older record may be about to copy what it names. */
    private static final Duration GRACE = Duration.ofHours(1);

    /** A file that is larger than any kernel or initrd is. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge(String name, long most) {
            super("its " + name + " has more than " + (most >> 20) + " MiB");
        }
    }

    private final Path kernels;
    private final Path directory;
    private String vmlinuzHash;
    private String initrdHash;

    private KernelCopy(Path kernels, Path directory) {
        this.kernels = kernels;
        this.directory = directory;
    }

    /**
     * Copies.
     *
     * @throws Failure when the machine has used up its allowance
     */
    static KernelCopy of(
            StateDirectory state, CopyAllowance allowance, ClientRecord client, ViewFile vmlinuz, ViewFile initrd)
            throws IOException {
        allowance.require(
                client,
                Math.min(Files.size(vmlinuz.path()), MOST_KERNEL) + Math.min(Files.size(initrd.path()), MOST_INITRD));
        Path kernels = state.kernels(client.mac());
        if (!Files.isDirectory(kernels)) {
            Files.createDirectory(kernels);
        }
        drop(kernels, ".new-*", Instant.now());
        KernelCopy copy = new KernelCopy(kernels, Files.createTempDirectory(kernels, ".new-"));
        try {
            LongConsumer copied = bytes -> allowance.spend(client, bytes);
            copy.vmlinuzHash = copy(vmlinuz, copy.vmlinuz(), MOST_KERNEL, copied);
            copy.initrdHash = copy(initrd, copy.initrd(), MOST_INITRD, copied);
            return copy;
        } catch (IOException | RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    private static String copy(ViewFile from, Path to, long most, LongConsumer copied) throws IOException {
        Limited out = new Limited(Files.newOutputStream(to), to.getFileName().toString(), most);
        try (out) {
            return Sha256.copy(from.path(), out);
        } finally {
            copied.accept(out.written);
        }
    }

    Path vmlinuz() {
        return directory.resolve("vmlinuz");
    }

    Path initrd() {
        return directory.resolve("initrd");
    }

    /** Puts it where stage takes it from. {@return what is to be noted} */
    ClientKernel publish(String version, String stamp, String view) throws IOException {
        ClientKernel kernel = new ClientKernel(version, vmlinuzHash, initrdHash, stamp, view);
        AtomicFile.sync(vmlinuz());
        AtomicFile.sync(initrd());
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path place = kernels.resolve(kernel.id());
        if (new OwnKernel(kernel, place).isReadable()) {
            Files.setLastModifiedTime(place, FileTime.from(Instant.now()));
        } else {
            // What a killed deletion has left.
            TreeRemoval.remove(place);
            Files.move(directory, place, StandardCopyOption.ATOMIC_MOVE);
        }
        AtomicFile.sync(kernels);
        drop(kernels, "[0-9a-f]*", Instant.now().minus(GRACE));
        return kernel;
    }

    private static void drop(Path kernels, String names, Instant before) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(kernels, names)) {
            for (Path one : found) {
                if (Files.getLastModifiedTime(one).toInstant().isBefore(before)) {
                    TreeRemoval.remove(one);
                }
            }
        }
    }

    @Override
    public void close() {
        if (Files.isDirectory(directory)) {
            TreeRemoval.remove(directory);
        }
    }

    private static final class Limited extends FilterOutputStream {
        private final String name;
        private final long most;
        private long written;

        Limited(OutputStream out, String name, long most) {
            super(out);
            this.name = name;
            this.most = most;
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            written += count;
            if (written > most) {
                throw new TooLarge(name, most);
            }
            out.write(bytes, from, count);
        }
    }
}
