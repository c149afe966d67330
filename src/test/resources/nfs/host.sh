# Runs in network, mount and process namespaces of its own: makes the view, the server and the client.
# usage: host.sh WORK JAVA CLASSPATH
work=$1
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
ip link set lo up
ip tuntap add tap0 mode tap
ip address add 10.9.0.1/24 dev tap0
ip link set tap0 up
mkdir -p "$work"/lower/merged "$work"/upper "$work"/work "$work"/view
echo below > "$work/lower/below"
for i in $(seq 300); do echo $i > "$work/lower/merged/low$i"; done
mount -t overlay -o "lowerdir=$work/lower,upperdir=$work/upper,workdir=$work/work,index=on,nfs_export=on" \
    overlay "$work/view" || exit 1
serve() {
    "$2" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xmx192m -XX:MaxDirectMemorySize=256m -cp "$3" \
        dev.nbroot.nfs.ServeDirectory 10.9.0.1 2049 111 "$work/view" here >> "$work/server.log" 2>&1 &
    server=$!
}
serve "$@"
until grep -q ready "$work/server.log"; do
    kill -0 $server || { cat "$work/server.log"; exit 1; }
    sleep 0.1
done
/usr/bin/linux.uml mem=512M "initrd=$work/initrd" rdinit=/init con=null con0=fd:0,fd:1 \
    vec0:transport=tap,ifname=tap0,depth=128,gro=1 "export=$work/view" "work=$work" quiet < /dev/null &
guest=$!
# The guest asks for a restart of the server by creating a file, and goes on meanwhile.
while kill -0 $guest 2> /dev/null; do
    if [ -e "$work/view/restart" ]; then
        kill -9 $server
        wait $server 2> /dev/null
        rm "$work/view/restart"
        serve "$@"
    fi
    sleep 0.2
done
wait $guest
kill $server
wait $server
cat "$work/server.log"
