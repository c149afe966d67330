# Copies a tree without what is mounted in it. $1 the tree, $2 the directory that gets it
set -eu
umask 022
mkdir "$1.plain" "$2"
mount --bind "$1" "$1.plain"
cp --archive --reflink=auto "$1.plain/." "$2/"
umount "$1.plain"
rmdir "$1.plain"
