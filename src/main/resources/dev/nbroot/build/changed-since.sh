# Prints type and path of everything in the tree $1 that has changed since the file $2 was made. Exit status 9: one of the
# names has a line end.
set -eu
if [ -n "$(find "$1" -xdev -newercc "$2" -name '*
*' -print -quit)" ]; then
    exit 9
fi
find "$1" -xdev -newercc "$2" -printf '%y %P\n'
