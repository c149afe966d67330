package dev.nbroot.stage;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.MacAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * PXELINUX, the loader of PCs with a BIOS. It asks for {@code pxelinux.cfg/01-MAC} and, after other names, for
 * {@code pxelinux.cfg/default} below the directory it was loaded from.
 *
 * @param loader the program and its library, which must be of one version
 */
public record Pxelinux(PxelinuxLoader loader) implements BootRendering {
    /** Tells people whose file it is. */
    static final String MARKER =
            "# Managed by nbroot: \"nbroot stage\" writes this file and refuses to overwrite changes.";

    private static final int LONGEST_NAME = 127;
    private static final int LONGEST_LINE = 2047;
    private static final int TENTHS = 10;
    /** {@code BOOTIF=} with the hardware type and six pairs. */
    private static final int BOOTIF_LENGTH = "BOOTIF=01-00-00-00-00-00-00".length();

    @Override
    public List<TreeFile> files(List<BootMenu> menus) {
        List<TreeFile> files = new ArrayList<>(loader.files());
        menus.forEach(menu -> files.add(new TreeFile.Text(path(menu.machine()), text(menu))));
        return List.copyOf(files);
    }

    /** {@return where a machine's menu lies in a boot tree, or that of all others} */
    static Path path(Optional<MacAddress> machine) {
        return Path.of("pxelinux.cfg", machine.map(mac -> "01-" + mac).orElse("default"));
    }

    /** {@return the line that names a kernel} */
    static String linux(Path kernel) {
        return "  LINUX " + kernel + "\n";
    }

    /** Renders one configuration; the syntax is that of syslinux.cfg(5). */
    static String text(BootMenu menu) {
        StringBuilder text = new StringBuilder(MARKER).append('\n');
        // syslinux.cfg(5): SERIAL works for certain only as the first directive.
        menu.serial()
                .ifPresent(port -> text.append("SERIAL ")
                        .append(port.number())
                        .append(' ')
                        .append(port.baud())
                        .append('\n'));
        menu.remarks().forEach(remark -> text.append("SAY ").append(remark).append('\n'));
        text.append("DEFAULT ").append(menu.entries().get(0).label()).append('\n');
        text.append("PROMPT ").append(menu.patience() == 0 ? 0 : 1).append('\n');
        if (menu.patience() > 0) {
            text.append("TIMEOUT ").append(menu.patience() * TENTHS).append('\n');
        }
        menu.entries().forEach(entry -> append(text, entry));
        return text.toString();
    }

    private static void append(StringBuilder text, BootEntry entry) {
        text.append('\n').append("LABEL ").append(entry.label()).append('\n');
        if (entry instanceof BootEntry.Linux linux) {
            check(linux);
            text.append(linux(linux.kernel()));
            text.append("  INITRD ").append(linux.initrd()).append('\n');
            text.append("  APPEND ").append(linux.cmdline()).append('\n');
            // 2 adds BOOTIF=01-MAC, by which the initramfs finds the interface it was booted from.
            text.append("  IPAPPEND 2\n");
        } else {
            text.append("  LOCALBOOT -1\n");
        }
    }

    private static void check(BootEntry.Linux linux) {
        for (Path name : List.of(linux.kernel(), linux.initrd())) {
            if (name.toString().length() > LONGEST_NAME || !name.toString().matches("[A-Za-z0-9_@+=~./-]+")) {
                throw Failure.of(
                        FailureKind.INVALID_INPUT,
                        "PXELINUX cannot load a file named " + name,
                        "use a root name of letters, digits, dots and dashes, 100 characters at most");
            }
        }
        int length =
                ("BOOT_IMAGE=" + linux.kernel() + " " + linux.cmdline() + " initrd=" + linux.initrd() + " ").length()
                        + BOOTIF_LENGTH;
        if (length > LONGEST_LINE) {
            throw Failure.of(
                    FailureKind.INVALID_INPUT,
                    "the kernel command line of " + linux.title() + " has " + length + " characters, " + LONGEST_LINE
                            + " are the most a kernel takes",
                    "shorten boot.cmdline in the profile, or the path of the --state directory");
        }
    }
}
