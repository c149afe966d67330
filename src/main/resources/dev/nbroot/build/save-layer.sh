# Puts a tree into an archive. $1 the tree, $2 the archive; with $3 only the files that standard input names, one in a line.
# What lies below the mounts counts. Exit status 9: somebody has deleted the archive while it was made.
set -eu
umask 022
mkdir "$1.plain"
mount --bind "$1" "$1.plain"
if [ "${3-}" = files ]; then
    set -- "$1" "$2" --no-recursion --verbatim-files-from --files-from=-
else
    set -- "$1" "$2" .
fi
tree=$1.plain
archive=$2
shift 2
# The times of last access and change would cost a header for every file.
status=0
tar --create --file="$archive" --directory="$tree" --format=posix --pax-option=delete=atime,delete=ctime \
    --numeric-owner --sparse --acls --xattrs --xattrs-include='*' "$@" || status=$?
umount "$tree"
rmdir "$tree"
test -e "$archive" || exit 9
exit "$status"
