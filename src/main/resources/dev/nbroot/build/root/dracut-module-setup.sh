#!/bin/bash
# What a diskless machine's initrd has: NFS or an image in memory, wired network cards, networkd, an overlay. No disks.
check() {
    require_binaries sed busybox
}

# networkd before nfs, which takes whatever network program comes first.
depends() {
    echo base dracut-systemd fs-lib systemd-networkd nfs terminfo udev-rules
}

# The keyboard is for who has to look why a machine does not boot.
installkernel() {
    hostonly='' instmods nfsv3 overlay loop squashfs af_packet ehci-pci ohci-pci uhci-hcd xhci-pci usbhid hid-generic @MODULES@
}

install() {
    inst_multiple busybox modprobe mount umount mkdir rm sed sleep
    inst_script "$moddir/nbroot-image.sh" /sbin/nbrootroot
    inst_hook cmdline 91 "$moddir/nbroot-root.sh"
    inst_hook cmdline 98 "$moddir/nbroot-network.sh"
    # The root is mounted before pre-mount, or is waited for: it must be said before.
    inst_hook cmdline 99 "$moddir/nbroot-shared.sh"
    inst_hook initqueue/settled 98 "$moddir/nbroot-again.sh"
    inst_hook pre-pivot 20 "$moddir/nbroot-overlay.sh"
}
