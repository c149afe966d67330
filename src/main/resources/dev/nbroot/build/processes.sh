# Prints the processes of this PID namespace whose root directory is the tree $1.
set -eu
for process in /proc/[0-9]*; do
    # A process may end while it is looked at.
    top=$(readlink "$process/root" 2>/dev/null) || continue
    if [ "$top" = "$1" ]; then
        echo "still running: $(tr '\0' ' ' <"$process/cmdline" 2>/dev/null || true)"
    fi
done
