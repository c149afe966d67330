# Shows the build's package files to commands in the tree. $1 the tree, $2 the package files
set -eu
umask 022
mkdir -p "$1/var/cache/apt/archives"
mount --bind "$2" "$1/var/cache/apt/archives"
