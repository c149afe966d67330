# When the base system is there (debootstrap mounts and unmounts a /proc of its own). $1 the tree, $2 the build's
# package files, $3 its package lists, $4 the host name that packages see; it is that of the build's own UTS namespace
set -eu
umask 022
tree=$1
echo "$4" >/proc/sys/kernel/hostname
# debootstrap made it beside the nodes that are there; it is the host's console.
rm -f "$tree/dev/console"
mountpoint -q "$tree/proc" || mount -t proc -o nosuid,nodev,noexec proc "$tree/proc"
# Sysctls are the host's: a package must not set them from here.
mount --bind "$tree/proc/sys" "$tree/proc/sys"
mount -o remount,bind,ro "$tree/proc/sys"
mountpoint -q "$tree/sys" || mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$tree/sys"
mount -o remount,bind,ro "$tree/sys"
# What debootstrap left below the mounts would be part of the root.
for directory in run tmp var/lib/apt/lists; do
    mkdir -p "$tree/$directory"
    find "$tree/$directory" -xdev -mindepth 1 -delete
done
mount -t tmpfs -o mode=0755,nosuid,nodev nbroot-run "$tree/run"
mount -t tmpfs -o mode=1777,nosuid,nodev nbroot-tmp "$tree/tmp"
mkdir -p "$tree/run/lock" "$tree/run/nbroot"
chmod 1777 "$tree/run/lock"
mount --bind "$3" "$tree/var/lib/apt/lists"
# So that no package file is copied, and none stays.
mountpoint -q "$tree/var/cache/apt/archives" || mount --bind "$2" "$tree/var/cache/apt/archives"
