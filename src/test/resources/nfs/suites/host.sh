# Runs in network, mount and process namespaces of its own: makes an export and runs a suite on it, in a client or here.
# usage: host.sh WORK JAVA CLASSPATH client directory|view SUITE [ARGUMENTS]
#        host.sh WORK JAVA CLASSPATH here directory SUITE [ARGUMENTS]
# SUITE is a Python program in WORK; it gets the directory to work in and ARGUMENTS (words parted by commas).
work=$1
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
exported=$work/exported
below=$exported
[ "$5" = view ] && below=$work/lower
mkdir -p "$exported" "$below/below/sub/deep"
for i in $(seq 300); do echo $i > "$below/below/low$i"; done
for i in $(seq 20); do echo $i > "$below/below/sub/deep/f$i"; done
ln "$below/below/low1" "$below/below/sub/twin1"
ln -s low1 "$below/below/link"
layers=
if [ "$5" = view ]; then
    mkdir "$work/upper" "$work/work"
    layers=$work
fi
if [ "$4" = here ]; then
    # Where every user may go.
    mount -t tmpfs tmpfs /run
    mount -t tmpfs tmpfs /mnt
    mkdir /mnt/here
    mount --bind "$exported" /mnt/here
    exec python3 "$work/$6" /mnt/here $(echo "$7" | tr , ' ')
fi
ip link set lo up
ip tuntap add tap0 mode tap
ip address add 10.9.0.1/24 dev tap0
ip link set tap0 up
serve() {
    "$2" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xmx192m -XX:MaxDirectMemorySize=256m -cp "$3" \
        dev.nbroot.nfs.ServeDirectory 10.9.0.1 2049 111 "$exported" here $layers >> "$work/server.log" 2>&1 &
    server=$!
}
serve "$@"
until grep -q ready "$work/server.log"; do
    kill -0 $server || { cat "$work/server.log"; exit 1; }
    sleep 0.1
done
/usr/bin/linux.uml mem=640M "initrd=$work/initrd" rdinit=/init con=null con0=fd:0,fd:1 \
    vec0:transport=tap,ifname=tap0,depth=128,gro=1 \
    "export=$exported" "work=$work" "suite=$6" "arguments=$7" quiet < /dev/null &
guest=$!
# A suite asks for a restart of the server with a file, and goes on meanwhile.
while kill -0 $guest 2> /dev/null; do
    if [ -e "$work/restart" ]; then
        kill -9 $server
        wait $server 2> /dev/null
        rm "$work/restart"
        serve "$@"
    fi
    sleep 0.2
done
wait $guest
kill $server
wait $server
# What a client without anything in its caches saw must be what is there.
if [ -n "$layers" ]; then
    mount -t overlay overlay "$exported" \
        -o "lowerdir=$work/lower,upperdir=$work/upper,workdir=$work/work,index=on,nfs_export=on" || exit 1
fi
python3 "$work/digest.py" "$exported" "$work/seen-by-server"
cmp "$work/seen-by-client" "$work/seen-by-server" || echo "FAIL the client saw another tree than the server"
cat "$work/server.log"
