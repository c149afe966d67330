# Works as $1 in the directory $2 until /run/stop is there; what goes wrong is in /run/failed.
set -Eeuo pipefail
export LC_ALL=C
what=$1
fail() {
    echo "$what: $*" >>/run/failed
    exit 1
}
trap 'fail "line $LINENO: $BASH_COMMAND"' ERR
mkdir -p "$2"
cd "$2"

# A file of random bytes; only when fsync has returned it is told on the serial line, which needs no server.
writer() {
    head -c $(($1 * 7919 % 200000 + 1)) /dev/urandom >/run/bytes
    sum=$(sha256sum </run/bytes)
    sum=${sum%% *}
    dd if=/run/bytes of="w-$1" bs=64k conv=fsync status=none
    echo "$1 $sum" >>/run/stable
    printf '\nSTABLE %s %s\n' "$1" "$sum" >/dev/ttyS0
}

names() {
    mkdir d
    for i in 1 2 3 4 5 6 7 8 9 10; do echo "$1 $i" >"d/f$i"; done
    ln d/f1 d/hard
    ln -s f3 d/soft
    mv d/f2 d/g2
    chmod 600 d/f4
    [ "$(ls d | wc -l)" = 12 ] || fail "a directory has $(ls d | wc -l) names"
    [ "$(cat d/g2 d/hard d/soft)" = "$1 2
$1 1
$1 3" ] || fail "files have changed"
    [ "$(stat -c '%a %h' d/f1 d/f4)" = "644 2
600 1" ] || fail "attributes have changed"
    rm -r d
}

first=
reader() {
    echo 3 >/proc/sys/vm/drop_caches
    now=$(find /usr/bin /usr/lib/systemd -xdev -type f | sort | sed -n 1,120p | xargs sha256sum | sha256sum)
    [ "${first:=$now}" = "$now" ] || fail "files read differently"
}

packages() {
    dpkg -i /root/load.deb >/run/dpkg.out 2>&1
    [ -z "$(dpkg --verify nbroot-load)" ] || fail "dpkg --verify: $(dpkg --verify nbroot-load)"
    dpkg -r nbroot-load >/run/dpkg.out 2>&1
}

n=0
while [ ! -e /run/stop ]; do
    n=$((n + 1))
    "$what" "$n"
    echo "$n" >"/run/$what.done"
done
