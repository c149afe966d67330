package dev.nbroot.release;

/** The program by which an initrd of initramfs-tools gets its address: every distribution puts in another. */
public enum InitrdDhcp {
    /** klibc's; Debian. */
    IPCONFIG("klibc-utils", "bin/ipconfig"),
    /** ISC's; Ubuntu 22.04. */
    DHCLIENT("isc-dhcp-client", "sbin/dhclient"),
    /**
     * Ubuntu since 24.04. Its hook takes the gateway for the NFS server and drops the root path, so that only a server
     * on the command line works.
     */
    DHCPCD("dhcpcd-base", "sbin/dhcpcd");

    private final String debianPackage;
    private final String program;

    InitrdDhcp(String debianPackage, String program) {
        this.debianPackage = debianPackage;
        this.program = program;
    }

    /** {@return the package that brings it} */
    public String debianPackage() {
        return debianPackage;
    }

    /** {@return the end of its path in the initrd} */
    public String program() {
        return program;
    }
}
