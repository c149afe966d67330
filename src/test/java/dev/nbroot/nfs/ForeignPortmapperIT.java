package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server beside the host's own rpcbind, in a network namespace where both have their usual ports. */
class ForeignPortmapperIT {
    private static final String SCRIPT = """
            export PATH=/usr/sbin:/usr/bin:/sbin:/bin
            work=$1
            ip link set lo up
            mount -t tmpfs tmpfs /run
            rpcbind -f &
            rpcbind=$!
            i=0
            until rpcinfo -p 127.0.0.1 > /dev/null 2>&1; do
                i=$((i + 1)); [ $i -lt 100 ] || { echo "rpcbind does not answer"; exit 1; }; sleep 0.1
            done
            serve() {
                : > "$work/out"
                "$2" --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1 -cp "$3" \\
                    dev.nbroot.nfs.ServeDirectory 127.0.0.1 2049 111 "$work/tree" here > "$work/out" 2>&1 &
                server=$!
                until grep -q ready "$work/out"; do
                    kill -0 $server 2> /dev/null || { echo "no server:"; cat "$work/out"; return 1; }
                    sleep 0.1
                done
            }
            list() { echo "$1: $(rpcinfo -p 127.0.0.1 | awk '$1 + 0 >= 100003 { print $1 "." $2 "/" $3 "=" $4 }' | sort | xargs)"; }
            serve "$@" && list served
            rpcinfo -T tcp 127.0.0.1 100003 3 | sed 's/^/nfs: /'
            rpcinfo -T udp 127.0.0.1 100005 3 | sed 's/^/mount: /'
            kill -9 $server; wait $server 2> /dev/null
            list killed
            serve "$@" && list again
            kill $server; wait $server
            list stopped
            kill $rpcbind; wait $rpcbind
            """;

    @Test
    void registersWithTheHostsRpcbind(@TempDir Path work) throws Exception {
        Needs.root();
        Needs.programs("rpcbind", "rpcinfo", "unshare", "ip");
        Files.createDirectory(work.resolve("tree"));
        Path log = work.resolve("log");
        Process process = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "--mount",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        "sh",
                        "-c",
                        SCRIPT,
                        "sh",
                        work.toString(),
                        ProcessHandle.current().info().command().orElse("java"),
                        System.getProperty("java.class.path"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ended in time").isTrue();
        } finally {
            process.destroyForcibly();
        }
        String all = "100003.3/tcp=2049 100003.3/udp=2049 100005.3/tcp=2049 100005.3/udp=2049 100227.3/tcp=2049";
        List<String> lines = Files.readAllLines(log);
        assertThat(lines)
                .contains("served: " + all)
                .contains("nfs: program 100003 version 3 ready and waiting")
                .contains("mount: program 100005 version 3 ready and waiting")
                .as("a killed server's mappings are those of the next")
                .contains("killed: " + all, "again: " + all)
                .as("a server that is stopped takes them back")
                .contains("stopped: ");
    }
}
