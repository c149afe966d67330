# Copies a layer's files over a tree. $1 the layer's tree, $2 the tree. Exit status 9: not all could be copied, as is
# printed.
set -eu
umask 022
cd "$1" || exit 9
find . -xdev ! -type d -exec cp --archive --reflink=auto --parents --target-directory="$2" -- {} + 2>&1 || exit 9
