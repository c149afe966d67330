# Runs inside user-mode Linux, with the host's tree as its root: mounts the export and runs the suite on it.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
for word in $(cat /proc/cmdline); do
    case $word in
    export=*) export=${word#export=} ;;
    work=*) work=${word#work=} ;;
    suite=*) suite=${word#suite=} ;;
    arguments=*) arguments=${word#arguments=} ;;
    esac
done
ip link set lo up
ip address add 10.9.0.2/24 dev vec0
ip link set vec0 up
mkdir /mnt/nfs
# -i: the kernel parses the options itself, so that no mount.nfs is needed.
export options=vers=3,nolock,proto=tcp,port=2049,mountport=2049,addr=10.9.0.1,mountaddr=10.9.0.1,mountproto=tcp
export source=10.9.0.1:$export
attach() {
    mount -i -t nfs -o "$options" "$source" /mnt/nfs || echo "FAIL mount"
}
attach
/usr/bin/python3 "$work/$suite" /mnt/nfs $(echo "$arguments" | tr , ' ')
umount /mnt/nfs || echo "FAIL umount"
# With nothing in the client's caches.
attach
/usr/bin/python3 "$work/digest.py" /mnt/nfs "$work/seen-by-client"
umount /mnt/nfs || echo "FAIL umount"
echo "guest done"
