package dev.nbroot.stage;

import java.util.List;

/** Turns menus into the files of one boot loader. */
public sealed interface BootRendering permits Pxelinux {

    /**
     * {@return the files, in the order in which they must appear: a loader before the menus it reads}
     *
     * @param menus at most one without a machine
     */
    List<TreeFile> files(List<BootMenu> menus);
}
