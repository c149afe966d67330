package dev.nbroot.state;

import dev.nbroot.system.Sha256;

/**
 * A kernel that a persistent client has installed in its own view and boots instead of its generation's, in
 * {@code clients/MAC/kernel.yaml}; its files are copies in {@code clients/MAC/kernels/ID}.
 *
 * @param version as in {@code /lib/modules/VERSION}
 * @param vmlinuz SHA-256 of the kernel
 * @param initrd SHA-256 of its initrd
 * @param stamp tells whether the view's files are still those that were copied
 * @param view when the view was made that it was taken from (ClientRecord#created): its modules are in no other
 */
public record ClientKernel(String version, String vmlinuz, String initrd, String stamp, String view) {
    private static final int ID_LENGTH = 32;

    /** {@return a name for kernel and initrd together: the same for the same contents, whoever's they are} */
    public String id() {
        return Sha256.of(vmlinuz + " " + initrd).substring(0, ID_LENGTH);
    }
}
