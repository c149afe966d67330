# Copies files with their directories. $1 the tree, $2 the layer's tree that is being made, then paths relative to the
# tree. Exit status 9: somebody has deleted of the copy while it was made.
set -eu
umask 022
tree=$1
layer=$2
shift 2
mkdir "$layer"
cd "$tree"
if [ $# -gt 0 ]; then
    cp --archive --reflink=auto --parents --target-directory="$layer" -- "$@"
fi
test "$(find "$layer" -xdev ! -type d -printf x | wc -c)" = $# || exit 9
