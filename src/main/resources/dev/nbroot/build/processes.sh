# Prints the processes of this PID namespace whose root directory is the tree $1; with $2 = kill, ends them too.
set -eu
for process in /proc/[0-9]*; do
    # A process may end while it is looked at.
    top=$(readlink "$process/root" 2>/dev/null) || continue
    if [ "$top" = "$1" ]; then
        tr '\0' ' ' <"$process/cmdline" 2>/dev/null || true
        echo
        if [ "$2" = kill ]; then
            kill -KILL "${process#/proc/}" 2>/dev/null || true
        fi
    fi
done
