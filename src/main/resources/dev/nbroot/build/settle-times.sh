# Makes everything in the tree $1 that is newer than the second $2 as old as that: what the build made, not when. A bind
# mount that is not recursive shows what lies below the mounts.
set -eu
mkdir "$1.plain"
mount --bind "$1" "$1.plain"
find "$1.plain" -xdev -newermt "@$2" -exec touch --no-dereference --date="@$2" -- {} +
umount "$1.plain"
rmdir "$1.plain"
