# What podman makes of images and containers in a store below the directory $1, without overlays: prints what came of it, which
# depends on no machine and no file system. Stops at the first thing that fails.
set -euo pipefail
umask 022
export LC_ALL=C TZ=UTC
directory=$1
rm -rf "$directory"
mkdir -p "$directory"
cd "$directory"

own() {
    podman --root "$directory/store" --runroot "/run/podman-store" --storage-driver vfs "$@"
}

# names, types, modes, owners, links and times; sizes of files; what devices they are; contents
describe() {
    (
        cd "$1"
        find . -type d -printf '%P %y %m %U:%G\n' -o -printf '%P %y %m %U:%G %n %s %T@ %l\n'
        find . -type c -exec stat -c '%n %t,%T' '{}' +
        find . -type f -print0 | xargs -0 sha256sum
    ) | sort
}

echo "an image"
mkdir -p image/etc image/usr/share image/dev image/srv image/bin
cp -a /etc/. image/etc
cp -a /usr/bin image/usr
cp -a /usr/share/zoneinfo image/usr/share
cp --dereference /bin/dash image/bin/sh
for library in $(ldd /bin/dash /usr/bin/mv | grep -o '/lib[^ ]*' | sort -u); do
    mkdir -p "image${library%/*}"
    cp --dereference "$library" "image$library"
done
mknod -m 620 image/dev/console c 5 1
mkfifo -m 606 image/srv/fifo
seq 1 1000 | while read -r i; do echo "file $i" >"image/srv/$i"; done
ln image/srv/1 image/srv/one
ln -s ../srv/1 image/srv/link
truncate -s 50M image/srv/sparse
install -m 6755 -o 4711 -g 815 /bin/true image/srv/setuid
touch -d @1000000000.123456789 image/srv/1
mkdir -m 2775 image/srv/group
tar --sort=name --numeric-owner --mtime=@1000000000 -C image -cf image.tar .
rm -r image
own import -q image.tar probe >/dev/null
own image inspect --format '{{.RootFS.Layers}}' probe

echo "a container's files"
own create -q --name still --network none probe /bin/sh >/dev/null
describe "$(own mount still)" >files
wc -l <files
sha256sum <files
own umount still >/dev/null

echo "the image again, out of the store"
own save -q -o saved.tar probe
tar -tf saved.tar | grep 'tar$' | xargs tar -xOf saved.tar | sha256sum

echo "a container that works"
own run --name busy --network none probe /bin/sh -c '
    read line </srv/1
    echo "read: $line"
    i=0
    while [ $i -lt 2000 ]; do
        i=$((i+1))
        echo "line $i" >>/srv/log
        echo "$i" >"/srv/group/$i"
    done
    echo more >>/srv/one
    /usr/bin/rm /srv/2
    /usr/bin/mv /srv/3 /srv/group/three
' 2>&1
own diff busy | grep /srv | sort | sha256sum
( cd "$(own mount busy)/srv" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum )
own umount busy >/dev/null

echo "an image of it"
own commit -q busy second >/dev/null
own rm -f still busy >/dev/null
own run --rm --network none second /bin/sh -c 'read a </srv/group/2000; read b </srv/group/three; echo "$a, $b"' 2>&1
own rmi -f second probe >/dev/null
own images -q | wc -l
test -z "$(ls store/vfs/dir)"
