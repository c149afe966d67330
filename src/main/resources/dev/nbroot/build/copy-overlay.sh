# $1 the user's directory, $2 the tree, $3 a file to use. Unpacked inside the root, so that no link of the root leads to
# the host; directories that exist keep their modes, or a sloppy mode of the overlay would become the mode of /.
set -eu
tar --create --file "$3" --directory "$1" --owner=0 --group=0 --numeric-owner --sparse --xattrs .
chroot "$2" tar --extract --directory / --preserve-permissions --numeric-owner --keep-directory-symlink \
    --no-overwrite-dir --xattrs --xattrs-include='*' --warning=no-timestamp <"$3"
rm "$3"
