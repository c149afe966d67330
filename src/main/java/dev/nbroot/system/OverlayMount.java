package dev.nbroot.system;

import dev.nbroot.report.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An overlay to be mounted at a path, for commands that work in it. {@link Overlays} makes those that nobody but nbroot
 * itself reaches, and saves what the kernel would throw away when a client's layers are put together anew: so a client's
 * view is opened by that first.
 *
 * @param lowers the read-only layers, uppermost first
 * @param upper takes what is written
 * @param work an empty directory on the file system of {@code upper}
 */
public record OverlayMount(List<Path> lowers, Path upper, Path work) {
    /** Copies the list. */
    public OverlayMount {
        lowers = List.copyOf(lowers);
    }

    /**
     * {@return the command that mounts it}, to be run in a private mount namespace
     *
     * <p>With the options of {@link Overlays}: a client's layers must not be used with others, and the kernel refuses
     * them to a second overlay only with {@code index=on}.
     *
     * @param at an existing directory
     */
    public Invocation mounting(Path at) {
        String options =
                "lowerdir=" + lowers.stream().map(OverlayMount::escaped).collect(Collectors.joining(":"))
                        + ",upperdir=" + escaped(upper) + ",workdir=" + escaped(work)
                        + ",index=on,nfs_export=on,redirect_dir=off";
        return Invocation.of("mount", "-t", "overlay", "-o", options, "nbroot-view", at.toString());
    }

    /** {@return whether a failure is that of the command that mounts it} */
    public boolean isRefused(Failure failure) {
        return failure.command()
                .filter(command -> command.contains(",upperdir=" + escaped(upper) + ","))
                .isPresent();
    }

    /** overlayfs splits lowerdir at colons unless they are escaped, mount(8) all options at commas. */
    private static String escaped(Path path) {
        return path.toString().replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,");
    }
}
