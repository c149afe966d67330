#!/bin/sh
# Sourced by dracut's pre-pivot stage: the root is mounted, nothing of it runs.
command -v die >/dev/null || . /lib/dracut-lib.sh

set_aside() {
    # Not moved: systemd has made all mounts shared, and those cannot be.
    mount -n --bind "$1" "$2" && umount -n -l "$1"
}

give_up() {
    die "$1"
}

mount_kept() {
    mount -n -t nfs -o "$1,mountproto=tcp" "$2" "$3" </dev/null
}

@OVERLAY@
@PERSIST@
nbroot_overlay "$NEWROOT"
nbroot_persist "$NEWROOT"
