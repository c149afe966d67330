# $1 the tree, $2 the size of its tmpfs
set -eu
mount -t tmpfs -o "mode=0755,size=$2" nbroot "$1"
