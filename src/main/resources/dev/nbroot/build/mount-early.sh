# Before commands run in the tree. $1 the tree
set -eu
umask 022
tree=$1
mkdir -p "$tree/dev"
# Never the host's /dev: devtmpfs is one for all, and what is deleted there is gone for the host too.
mount -t tmpfs -o mode=0755,nosuid,noexec,size=1m nbroot-dev "$tree/dev"
while read -r name major minor; do
    mknod -m 666 "$tree/dev/$name" c "$major" "$minor"
done <<NODES
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
NODES
mkdir "$tree/dev/pts" "$tree/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5,nosuid,noexec nbroot-pts "$tree/dev/pts"
mount -t tmpfs -o mode=1777,nosuid,nodev nbroot-shm "$tree/dev/shm"
ln -s pts/ptmx "$tree/dev/ptmx"
