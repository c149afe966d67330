package dev.nbroot.tftp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;

/**
 * Serves the regular, world-readable files below one directory.
 *
 * <p>Neither {@code ..} nor a symbolic link leads out of it; links inside it work. The permission bits are checked here
 * because the server may run as root, to whom they mean nothing: a file needs read permission for others, and so does
 * every directory between it and the root need search permission for others. Only who may write to the tree could make
 * the server open something else than it checked.
 */
public final class RootFiles implements TftpFiles {
    private final Path root;
    private final boolean foldCase;

    private RootFiles(Path root, boolean foldCase) {
        this.root = root;
        this.foldCase = foldCase;
    }

    /** {@return the files below a directory; it is looked up anew for each request, so it may be a link that is moved} */
    public static RootFiles below(Path root) {
        return new RootFiles(root, false);
    }

    /**
     * {@return the same, finding {@code Boot/BCD} where {@code boot\bcd} was asked for, as Windows PE needs it}
     *
     * <p>An exact match wins; of several others the first in alphabetical order. A miss lists a directory.
     */
    public RootFiles foldingCase() {
        return new RootFiles(root, true);
    }

    @Override
    public Answer open(String name, InetSocketAddress client) {
        String wanted = RequestedName.clean(name);
        if (wanted.isEmpty()) {
            return Refused.missing("the request names no file");
        }
        try {
            return open(wanted);
        } catch (NoSuchFileException | NotDirectoryException | InvalidPathException e) {
            return Refused.missing("there is no such file");
        } catch (FileSystemLoopException e) {
            return Refused.denied("the file's symbolic links form a loop");
        } catch (FileSystemException e) {
            return explained(e);
        } catch (IOException e) {
            return Refused.failed("opening the file failed: " + e.getMessage());
        }
    }

    private Answer open(String wanted) throws IOException {
        Path top = root.toRealPath();
        Path asked = top.resolve(wanted).normalize();
        if (!asked.startsWith(top)) {
            return Refused.denied("the name leads out of the served directory");
        }
        Path file = foldCase ? FoldedCase.find(top, asked) : asked;
        Path real = file.toRealPath();
        if (!real.startsWith(top)) {
            return Refused.denied("a symbolic link leads out of the served directory");
        }
        PosixFileAttributes attributes =
                Files.readAttributes(real, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            return Refused.denied("this is no regular file");
        }
        if (!attributes.permissions().contains(PosixFilePermission.OTHERS_READ)) {
            return Refused.denied("the file is not world-readable");
        }
        if (!searchable(top, real.getParent())) {
            return Refused.denied("a directory above the file is not world-searchable");
        }
        FileChannel channel = FileChannel.open(real, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            return new Served(new FileContent(channel), top.relativize(real).toString());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean searchable(Path top, Path directory) throws IOException {
        for (Path each = directory; !each.equals(top); each = each.getParent()) {
            if (!Files.getPosixFilePermissions(each).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    /** The JDK has no own types for ENOTDIR, ENAMETOOLONG and ELOOP from a path walk. */
    private static Refused explained(FileSystemException e) {
        String reason = String.valueOf(e.getReason());
        if (reason.contains("Not a directory") || reason.contains("name too long")) {
            return Refused.missing("there is no such file");
        }
        if (reason.contains("symbolic links")) {
            return Refused.denied("the file's symbolic links form a loop");
        }
        if (e instanceof AccessDeniedException) {
            return Refused.denied("the server may not read the file");
        }
        return Refused.failed("opening the file failed: " + reason);
    }
}
