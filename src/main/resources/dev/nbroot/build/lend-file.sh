# Shows the file $2 in the directory $1, which stays as it is. $3 gets what is shown.
set -eu
umask 022
mkdir "$3"
cp --archive "$1/." "$2" "$3/"
mount --bind "$3" "$1"
