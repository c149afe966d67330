# Lists the names in the packed part of an initrd, which may have come from a machine: what unpacks it can read nothing but
# its input and write nothing but its output.
# $1 tree with the programs, $2 initrd, $3 where the part begins (the first byte is 1), then what unpacks it
set -euo pipefail
tree=$1
file=$2
from=$3
shift 3
nobody() {
    setpriv --no-new-privs prlimit --as=2147483648 --cpu=120 chroot --userspec=65534:65534 --groups= "$tree" "$@"
}
list() {
    local status=0
    nobody cpio --list --quiet || status=$?
    # The packed part may be longer than its archive.
    cat >/dev/null
    return "$status"
}
tail -c "+$from" "$file" | nobody "$@" | list | head -c 8388608
