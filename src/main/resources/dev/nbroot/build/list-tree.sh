# Writes type and path of everything in the tree $1 into the file $2. Exit status 9: one of the names has a line end.
set -eu
if [ -n "$(find "$1" -xdev -name '*
*' -print -quit)" ]; then
    exit 9
fi
find "$1" -xdev -printf '%y %P\n' >"$2"
