package dev.nbroot.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * The top directory of an overlay's upper layer. The view's {@code /} has the owner and mode of this directory and not
 * of the layer below, so a new one must look like what it covers: with 0700, nobody but root could use the machine.
 */
final class LayerTop {
    private LayerTop() {}

    static void copy(Path from, Path to) throws IOException {
        PosixFileAttributes top = Files.readAttributes(from, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        view.setOwner(top.owner());
        view.setGroup(top.group());
        view.setPermissions(top.permissions());
    }
}
