# With nbroot.shared=NAME on the kernel's command line the root is one that machines take turns with: what follows, when
# another one has it, says no more than "permission denied".
nbroot_shared() {
    read -r words </proc/cmdline
    for word in $words; do
        case "$word" in
            nbroot.shared=*) echo "nbroot: the root ${word#nbroot.shared=} is for one machine at a time; as long as mounting it gives 'permission denied' another machine has it, and nbroot serve says which" >/dev/console ;;
        esac
    done
}
nbroot_shared
