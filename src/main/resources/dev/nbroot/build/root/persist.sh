# With nbroot.persist=SERVER:DIRECTORY[,port=N] on the kernel's command line, directories of the root that $1 is mounted at
# come from the server, each from a directory below that one whose name has = for each /. Which they are the root says.
# mount_kept is the generator's. A machine that wrote there into memory instead would lose what it was told to keep, so
# it waits, and says so on the console (what dracut's units print goes to the journal), until all are mounted; nbroot.persist=none boots without.
nbroot_persist() {
    kept=""
    read -r words </proc/cmdline
    for word in $words; do
        case "$word" in
            nbroot.persist=*) kept="${word#nbroot.persist=}" ;;
        esac
    done
    case "$kept" in
        "" | none) return 0 ;;
    esac
    [ -e "$1/usr/lib/nbroot/persist.paths" ] || return 0
    options="vers=3,tcp,hard,nolock,timeo=600,retrans=2"
    case "$kept" in
        *,port=*) options="$options,port=${kept##*,port=}" ;;
    esac
    kept="${kept%%,*}"
    while read -r path; do
        name="${path#/}"
        source="$kept/"
        while [ "${name#*/}" != "$name" ]; do
            source="$source${name%%/*}="
            name="${name#*/}"
        done
        source="$source$name"
        mkdir -p "$1$path"
        tries=0
        until mount_kept "$options" "$source" "$1$path"; do
            if [ "$((tries % 15))" = 0 ]; then
                echo "nbroot: waiting for $path, which the server keeps: $source cannot be mounted (nbroot.persist=none boots without, and keeps nothing)" >/dev/console
            fi
            tries=$((tries + 1))
            sleep 2
        done
    done <"$1/usr/lib/nbroot/persist.paths"
}
