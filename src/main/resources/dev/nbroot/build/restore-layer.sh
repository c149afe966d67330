# Takes everything out of an archive. $1 the archive, $2 the tree that gets it. Exit status 9: not all could be taken out,
# as is printed.
set -eu
umask 022
tar --extract --file="$1" --directory="$2" --same-permissions --same-owner --numeric-owner --acls --xattrs \
    --xattrs-include='*' 2>&1 || exit 9
