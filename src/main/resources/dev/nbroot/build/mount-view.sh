# Before commands run in a machine's own view. Nothing of it is written to but mount points that are there already. $1 the
# tree, $2 a directory of the build, $3 the host name that commands see
set -eu
umask 022
tree=$1
echo "$3" >/proc/sys/kernel/hostname
for directory in proc sys run tmp; do
    test -d "$tree/$directory" || mkdir "$tree/$directory"
done
mount -t proc -o nosuid,nodev,noexec proc "$tree/proc"
# Sysctls are the host's.
mount --bind "$tree/proc/sys" "$tree/proc/sys"
mount -o remount,bind,ro "$tree/proc/sys"
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$tree/sys"
mount -o remount,bind,ro "$tree/sys"
mount -t tmpfs -o mode=0755,nosuid,nodev nbroot-run "$tree/run"
mount -t tmpfs -o mode=1777,nosuid,nodev nbroot-tmp "$tree/tmp"
mkdir -p "$tree/run/lock" "$tree/run/nbroot"
chmod 1777 "$tree/run/lock"
# No package may start a service. Only a mount says so: a file would stay in the view if this were killed.
for daemon in /usr/sbin/start-stop-daemon /sbin/start-stop-daemon; do
    if [ -f "$tree$daemon" ] && [ ! -L "$tree$daemon" ] && ! mountpoint -q "$tree$daemon"; then
        printf '#!/bin/sh\necho "start-stop-daemon: not while nbroot works in this root" >&2\nexit 0\n' >"$2/no-daemon"
        chmod 0755 "$2/no-daemon"
        mount --bind "$2/no-daemon" "$tree$daemon"
    fi
done
