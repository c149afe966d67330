# $1 the tree, $2 the directory that gets it. A bind mount that is not recursive shows what lies below the mounts.
set -eu
umask 022
mkdir -p "$1.plain" "$2"
mount --bind "$1" "$1.plain"
cp --archive --reflink=auto "$1.plain/." "$2/"
umount "$1.plain"
