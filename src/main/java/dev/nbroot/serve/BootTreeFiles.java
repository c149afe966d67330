package dev.nbroot.serve;

import dev.nbroot.http.HttpContent;
import dev.nbroot.http.HttpFiles;
import dev.nbroot.http.HttpOutcome;
import dev.nbroot.tftp.RootFiles;
import dev.nbroot.tftp.TftpContent;
import dev.nbroot.tftp.TftpFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The boot tree by HTTP: exactly the files that TFTP serves. */
final class BootTreeFiles implements HttpFiles {
    private static final int TRIES = 10;

    private final Path tree;
    private final RootFiles files;

    BootTreeFiles(Path tree) {
        this.tree = tree;
        this.files = RootFiles.below(tree);
    }

    /** One version of a file. */
    private record Version(Object inode, long nanos, long size) {
        static Version of(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(now.fileKey(), now.lastModifiedTime().to(TimeUnit.NANOSECONDS), now.size());
        }

        String text() {
            return Long.toHexString(inode.hashCode() & 0xffffffffL) + "-" + Long.toHexString(nanos) + "-"
                    + Long.toHexString(size);
        }
    }

    private record Content(TftpContent file, Version at) implements HttpContent {
        @Override
        public long size() {
            return file.size();
        }

        @Override
        public Instant modified() {
            return Instant.ofEpochSecond(0, at.nanos());
        }

        @Override
        public String version() {
            return at.text();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    @Override
    public Answer open(String path, InetSocketAddress client) {
        try {
            for (int i = 0; i < TRIES; i++) {
                TftpFiles.Answer answer = files.open(path, client);
                if (answer instanceof TftpFiles.Refused no) {
                    return new Refused(HttpOutcome.valueOf(no.outcome().name()), no.reason());
                }
                TftpFiles.Served served = (TftpFiles.Served) answer;
                Answer same = unchanged(served, client);
                if (same != null) {
                    return same;
                }
            }
            return new Refused(HttpOutcome.FAILED, "the file changes again and again");
        } catch (IOException e) {
            return new Refused(HttpOutcome.FAILED, "opening the file failed: " + e.getMessage());
        }
    }

    /**
     * {@return the file with the version that is really open; null when it was replaced meanwhile} The JDK cannot look
     * at an open file, only at a name: so the file is opened anew between two looks that must agree.
     */
    private Answer unchanged(TftpFiles.Served first, InetSocketAddress client) throws IOException {
        first.content().close();
        Path file = tree.toRealPath().resolve(first.servedName());
        Version before = Version.of(file);
        TftpFiles.Answer again = files.open(first.servedName(), client);
        if (!(again instanceof TftpFiles.Served served)) {
            return null;
        }
        boolean handedOn = false;
        try {
            boolean same = served.servedName().equals(first.servedName())
                    && Version.of(file).equals(before)
                    && served.content().size() == before.size();
            handedOn = same;
            return same ? new Served(new Content(served.content(), before), served.servedName()) : null;
        } finally {
            if (!handedOn) {
                served.content().close();
            }
        }
    }
}
