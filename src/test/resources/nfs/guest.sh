# Runs inside user-mode Linux, with the host's tree as its root: mounts the export and runs the checks.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
for word in $(cat /proc/cmdline); do
    case $word in export=*) export=${word#export=} ;; work=*) work=${word#work=} ;; esac
done
ip link set lo up
ip address add 10.9.0.2/24 dev vec0
ip link set vec0 up
mkdir /mnt/nfs
# -i: the kernel parses the options itself, so that no mount.nfs is needed.
options=vers=3,nolock,proto=tcp,port=2049,mountport=2049,addr=10.9.0.1,mountaddr=10.9.0.1,mountproto=tcp
mount -i -t nfs -o "$options" "10.9.0.1:$export" /mnt/nfs || echo "FAIL mount"
/usr/bin/python3 "$work/posix.py" /mnt/nfs
umount /mnt/nfs || echo "FAIL umount"
echo "guest done"
