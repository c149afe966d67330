# Decompresses package files. $1 their directory, $2 gets what is in each of them as a tar archive of the same name, then
# their names
set -eu
archives=$1
plain=$2
shift 2
printf '%s\0' "$@" | xargs -0 -P "$(nproc)" -I '{}' sh -c 'dpkg-deb --fsys-tarfile "$1/$3" >"$2/$3"' sh "$archives" "$plain" '{}'
