package dev.nbroot.state;

import dev.nbroot.system.MacAddress;
import java.nio.file.Path;

/**
 * Where everything lives. Plain files, readable with {@code ls} and {@code cat}:
 *
 * <pre>
 *   cache/            downloads and intermediate results; safe to delete at any time
 *   roots/NAME/GEN/   root/  boot/vmlinuz  boot/initrd  manifest.json
 *   roots/NAME/current -> GEN   roots/NAME/.rollback -> GEN (see BegunRollback)
 *   clients/MAC/      client.yaml  upper/  work/  root/  persist/ (see KeptDirectories)
 *                     kernel.yaml  kernels/ID/vmlinuz  kernels/ID/initrd
 *   stage.yaml        what stage was last asked for
 *   boot-trees        every boot tree that was staged from here, a path a line
 *   uses/NAME/GEN/    who uses a generation (see Uses)
 *   locks/            lock files (see StateLock)
 *   nfs.key           the key that NFS file handles are sealed with
 * </pre>
 *
 * @param path an absolute, normalized path
 */
public record StateDirectory(Path path) {
    /** Makes the path absolute. */
    public StateDirectory {
        path = path.toAbsolutePath().normalize();
    }

    /** {@return the directory whose contents may be deleted at any time} */
    public Path cache() {
        return path.resolve("cache");
    }

    /** {@return the directory that holds all roots} */
    public Path roots() {
        return path.resolve("roots");
    }

    /** {@return the directory of one root's generations} */
    public Path root(String name) {
        return roots().resolve(name);
    }

    /** {@return one generation of a root; it need not exist} */
    public Generation generation(String name, int number) {
        return new Generation(name, number, root(name).resolve(Integer.toString(number)));
    }

    /** {@return the directory that holds all clients} */
    public Path clients() {
        return path.resolve("clients");
    }

    /** {@return the directory of one client} */
    public Path client(MacAddress mac) {
        return clients().resolve(mac.value());
    }

    /** {@return the directory of the kernels that a client brought itself} */
    public Path kernels(MacAddress mac) {
        return client(mac).resolve("kernels");
    }

    /** {@return the file that says which machine has a shared tree (see SharedHolder)} */
    public Path holder(MacAddress tree) {
        return client(tree).resolve("holder");
    }

    /** {@return the file that remembers what {@code stage} was last asked for} */
    public Path stageFile() {
        return path.resolve("stage.yaml");
    }

    /** {@return the file that lists every boot tree that was staged from here} */
    public Path bootTrees() {
        return path.resolve("boot-trees");
    }

    /** {@return the directory with what is noted of a generation's uses} */
    public Path uses(Generation generation) {
        return uses().resolve(generation.root()).resolve(Integer.toString(generation.number()));
    }

    /** {@return the directory with what is noted of all generations' uses} */
    public Path uses() {
        return path.resolve("uses");
    }

    /** {@return the file whose time of change is when a serve was running last} */
    public Path alive() {
        return uses().resolve(".alive");
    }

    /** {@return the file whose time of change is when a use could not be noted last; 1970 when there was none} */
    public Path missed() {
        return uses().resolve(".missed");
    }

    /** {@return the file with the key that seals NFS file handles} */
    public Path nfsKey() {
        return path.resolve("nfs.key");
    }

    /**
     * {@return a lock file}
     *
     * @param what the locked thing, such as {@code root-bookworm}; a file name
     */
    public Path lock(String what) {
        return path.resolve("locks").resolve(what + ".lock");
    }
}
