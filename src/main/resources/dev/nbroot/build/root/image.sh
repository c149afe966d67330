# With nbroot.image=URL on the kernel's command line (http or tftp; several are tried in turn) the root is one squashfs
# file that the machine holds in memory. It is mounted at $1 only if it has the size nbroot.image.size and the SHA-256
# nbroot.image.sha256: whoever sends it is not trusted. give_up is the generator's.
nbroot_file=/run/nbroot/image/root.squashfs

nbroot_say() {
    echo "nbroot: $1" >/dev/console
}

nbroot_bytes() {
    busybox stat -c %s "$nbroot_file" 2>/dev/null || echo 0
}

nbroot_mib() {
    echo "$((($1 + 1048575) / 1048576)) MiB"
}

# Says how far it is, until it is killed; kills the process $1 when nothing comes, because that would wait for ever.
nbroot_watch() {
    last=none
    still=0
    while sleep 5; do
        now="$(nbroot_bytes)"
        if [ "$now" != "$last" ]; then
            nbroot_say "$(nbroot_mib "$now") of $(nbroot_mib "$size")"
            last="$now"
            still=0
        elif still="$((still + 1))" && [ "$still" -ge 6 ]; then
            echo "nothing came for 30 seconds" >>/run/nbroot/image/errors
            kill "$1"
            return
        fi
    done
}

# What a system needs beside its image to start and be logged in to; memory that it writes to is not in it.
nbroot_require_memory() {
    while read -r name kib _; do
        case "$name" in
            MemTotal:) total="$((kib * 1024))" ;;
            MemAvailable:) available="$((kib * 1024))" ;;
        esac
    done </proc/meminfo
    needed="$((size + 192 * 1048576))"
    [ "$available" -ge "$needed" ] || give_up "nbroot: too little memory for$urls: it needs $(nbroot_mib "$needed") free, this machine has $(nbroot_mib "$available") free of $(nbroot_mib "$total")"
}

# Fetches $1; a part that is there already is continued where the protocol can. 1468 bytes fill a packet on Ethernet.
nbroot_fetch() {
    rest="${1#*://}"
    server="${rest%%/*}"
    host="${server%%:*}"
    port="${server#"$host"}"
    port="${port#:}"
    # exec, so that it is the program that is killed.
    case "$1" in
        http://*) exec busybox wget -q -c -Y off -O "$nbroot_file" "$1" ;;
        tftp://*) exec busybox tftp -g -b 1468 -r "${rest#*/}" -l "$nbroot_file" "$host" "${port:-69}" ;;
        *) echo "only http:// and tftp:// are understood" >&2 ;;
    esac 2>/run/nbroot/image/errors &
    fetch=$!
    nbroot_watch "$fetch" &
    watch=$!
    wait "$fetch"
    kill "$watch"
    trouble=""
    while read -r line; do
        trouble="$line"
    done </run/nbroot/image/errors
    [ "$(nbroot_bytes)" -eq "$size" ] && return 0
    trouble="${trouble:-the connection ended early}: $(nbroot_bytes) of $size bytes are there"
    [ "$(nbroot_bytes)" -le "$size" ] || rm -f "$nbroot_file"
    return 1
}

# Whether the file is the one that was staged; else it is thrown away.
nbroot_is_right() {
    nbroot_say "checking"
    found="$(busybox sha256sum "$nbroot_file")"
    found="${found%% *}"
    [ "$found" = "$sum" ] && return 0
    trouble="SHA-256 differs: expected $sum, found $found"
    rm -f "$nbroot_file"
    return 1
}

# A server may come up after its machines; but a file that is wrong twice is wrong.
nbroot_get() {
    tries=0
    wrong=0
    while true; do
        for url in $urls; do
            nbroot_say "fetching $url, $(nbroot_mib "$size")"
            if nbroot_fetch "$url"; then
                nbroot_is_right && return 0
                wrong="$((wrong + 1))"
            fi
            tries="$((tries + 1))"
            if [ "$wrong" -ge 2 ] || [ "$tries" -ge 200 ]; then
                give_up "nbroot: not booting $url: $trouble"
            fi
            nbroot_say "$url: $trouble; trying again"
        done
        sleep "$((tries < 10 ? tries : 10))"
    done
}

nbroot_image() {
    urls=""
    sum=""
    size=""
    read -r words </proc/cmdline
    for word in $words; do
        case "$word" in
            nbroot.image=*) urls="$urls ${word#nbroot.image=}" ;;
            nbroot.image.sha256=*) sum="${word#nbroot.image.sha256=}" ;;
            nbroot.image.size=*) size="${word#nbroot.image.size=}" ;;
        esac
    done
    if [ -z "$urls" ] || [ -z "$sum" ] || [ -z "$size" ]; then
        give_up "nbroot: the kernel's command line lacks nbroot.image, nbroot.image.sha256 or nbroot.image.size"
    fi
    modprobe loop
    modprobe squashfs || give_up "nbroot: the kernel has no squashfs file system"
    if [ ! -d /run/nbroot/image ]; then
        nbroot_require_memory
        mkdir -p /run/nbroot/image
        mount -n -t tmpfs -o "mode=0700,size=$((size / 1024 + 1024))k" nbroot-image /run/nbroot/image || give_up "nbroot: cannot mount a tmpfs of $(nbroot_mib "$size")"
    fi
    nbroot_get
    busybox mount -n -o remount,ro /run/nbroot/image
    busybox mount -n -t squashfs -o ro,loop "$nbroot_file" "$1" || give_up "nbroot: cannot mount the image of $url"
}
