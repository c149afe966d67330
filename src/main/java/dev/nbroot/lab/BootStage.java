package dev.nbroot.lab;

/** How far a machine has come on its way to a login, in order. */
public enum BootStage {
    /** Nothing was heard of it yet. */
    POWERED_ON("switched on", "its firmware asked for no address: is network boot enabled, and is the link up?"),
    /** DHCP gave the boot ROM an address. */
    FIRMWARE_ADDRESS("firmware has an address", "it did not fetch the boot loader: see the TFTP lines of serve"),
    /** The boot loader was fetched. */
    LOADER("boot loader loaded", "the boot loader found no configuration: stage the boot tree again"),
    /** The boot loader's configuration was fetched. */
    CONFIGURATION("configuration read", "the boot loader did not fetch a kernel: look at its configuration"),
    /** The kernel was fetched. */
    KERNEL("kernel loaded", "the initrd was not fetched: look at the boot loader's configuration"),
    /** The initrd was fetched. */
    INITRD("initrd loaded", "the initrd got no address: has it a driver for the network card?"),
    /** DHCP gave the initrd an address. */
    INITRD_ADDRESS("initrd has an address", "the initrd did not mount its root: see the mount lines of serve"),
    /** The image of the root was fetched, for a machine that holds it in memory. */
    IMAGE("image loaded", "the initrd did not take the image, or the system did not come up: see its last lines"),
    /** The root was mounted. */
    ROOT("root mounted", "the system did not come up: see its last lines"),
    /** A login prompt appeared on the serial line. */
    PROMPT("login prompt", "nobody could log in over SSH: is sshd installed and running?"),
    /** Somebody logged in. */
    LOGIN("logged in", "");

    private final String title;
    private final String whatIsMissing;

    BootStage(String title, String whatIsMissing) {
        this.title = title;
        this.whatIsMissing = whatIsMissing;
    }

    /** {@return the stage in a few words} */
    public String title() {
        return title;
    }

    /** {@return what it means when a machine comes no further than here; empty for the last stage} */
    public String whatIsMissing() {
        return whatIsMissing;
    }
}
