package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.rpc.RpcCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Finds the directories that clients mount. */
public final class MountPoints {
    private final Workspace w;

    /** Finds them with a loop's workspace, on that loop's thread. */
    public MountPoints(Workspace workspace) {
        w = workspace;
    }

    /**
     * What a MOUNT found.
     *
     * @param status 0, or an nfsstat3 number
     * @param handle the directory's handle if the status is 0
     */
    public record Mounted(int status, byte[] handle) {}

    /**
     * Finds a directory of an export; symbolic links on the way are not followed.
     *
     * @param call the MOUNT call; it is parked while the export is being opened
     * @param names the components below the export's root, perhaps none
     * @throws IOException when the export cannot be opened now
     */
    public Mounted find(RpcCall call, Export export, List<String> names) throws IOException {
        Node node = w.find().root(call, export);
        for (int i = 0; node != null && i < names.size(); i++) {
            byte[] name = names.get(i).getBytes(StandardCharsets.UTF_8);
            if (name.length > Scratch.MOST_NAME) {
                return new Mounted(Status.NAMETOOLONG, new byte[0]);
            }
            int result = w.scratch().copyName(ByteBuffer.wrap(name), 0, name.length);
            if (result != Status.OK) {
                return new Mounted(result, new byte[0]);
            }
            w.identity().becomeServer();
            node = w.find().child(node);
        }
        if (node == null) {
            return new Mounted(w.status(), new byte[0]);
        }
        return w.type(node) == Attributes.DIRECTORY
                ? new Mounted(Status.OK, node.handle())
                : new Mounted(Status.NOTDIR, new byte[0]);
    }
}
