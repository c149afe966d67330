# What the root has below the mounts of mount-late.sh is what gets cleaned and checked. $1 the tree
set -eu
umount "$1/var/cache/apt/archives"
umount "$1/var/lib/apt/lists"
