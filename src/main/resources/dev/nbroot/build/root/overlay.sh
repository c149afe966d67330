# With nbroot.overlay=tmpfs[:size=NN%] on the kernel's command line, what the machine writes goes to memory; the NFS
# root below stays as it is, and can be seen at /run/nbroot/lower. $1 is where the root is mounted; set_aside and
# give_up are the generator's. Nothing but a shell, mount, mkdir and modprobe is there.
nbroot_overlay() {
    # A pipe's loop would lose its variables in a subshell.
    wanted=""
    read -r words </proc/cmdline
    for word in $words; do
        case "$word" in
            nbroot.overlay=*) wanted="${word#nbroot.overlay=}" ;;
        esac
    done
    size="50%"
    case "$wanted" in
        "") return 0 ;;
        tmpfs) ;;
        tmpfs:size=?*) size="${wanted#tmpfs:size=}" ;;
        *) give_up "nbroot.overlay=$wanted is not understood; say nbroot.overlay=tmpfs or nbroot.overlay=tmpfs:size=50%" ;;
    esac
    [ -d /run/nbroot/lower ] && return 0

    modprobe overlay || give_up "nbroot: the kernel has no overlay file system"
    mkdir -p /run/nbroot/lower /run/nbroot/memory
    set_aside "$1" /run/nbroot/lower || give_up "nbroot: cannot move the root mount"
    mount -n -t tmpfs -o "mode=0755,size=${size}" nbroot-memory /run/nbroot/memory || give_up "nbroot: cannot mount a tmpfs of size ${size}"
    mkdir -p /run/nbroot/memory/upper /run/nbroot/memory/work
    mount -n -t overlay -o "lowerdir=/run/nbroot/lower,upperdir=/run/nbroot/memory/upper,workdir=/run/nbroot/memory/work" nbroot-overlay "$1" || give_up "nbroot: cannot mount the overlay"
}
