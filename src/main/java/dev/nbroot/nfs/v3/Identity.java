package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.export.Squash;
import dev.nbroot.nfs.rpc.RpcCall;
import dev.nbroot.system.PosixFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whom the loop's kernel thread acts for. Switches only when the identity differs from the present one: most calls in
 * a row come from one caller.
 */
final class Identity {
    private static final int MOST_REMEMBERED = 256;
    private static final Caller SERVER = new Caller(0, 0, new int[0]);

    private final PosixFiles posix;
    private final ByteBuffer groups =
            ByteBuffer.allocateDirect(4 * RpcCall.MOST_GROUPS).order(ByteOrder.nativeOrder());
    private final long groupsAddress;
    private final Map<Caller, Caller> remembered = new LinkedHashMap<>();
    private Caller last = SERVER;
    private Caller present;

    Identity(PosixFiles posix) {
        this.posix = posix;
        groupsAddress = posix.address(groups);
    }

    /** {@return the caller of a call; the same object as long as the same caller calls often} */
    Caller caller(RpcCall call, Squash squash) {
        if (last.matches(call, squash)) {
            return last;
        }
        Caller caller = Caller.of(call, squash);
        Caller known = remembered.get(caller);
        if (known == null) {
            if (remembered.size() >= MOST_REMEMBERED) {
                remembered.clear();
            }
            remembered.put(caller, caller);
            known = caller;
        }
        last = known;
        return known;
    }

    /** {@return whom the thread acts for} */
    Caller present() {
        return present;
    }

    /** Acts as root without any group of a caller, for code that is not ours. */
    void becomeItself() {
        become(SERVER);
    }

    /** Acts as root, which open_by_handle_at(2) asks for; groups do not matter to root and stay. */
    void becomeServer() {
        become(present == null ? SERVER : present.asRoot());
    }

    /** Acts as a caller: the kernel checks what it may. */
    void become(Caller caller) {
        if (caller == present) {
            return;
        }
        Caller before = present;
        present = null;
        if (before == null || before.uid() != caller.uid()) {
            posix.setFsUser(caller.uid());
        }
        if (before == null || before.gid() != caller.gid()) {
            posix.setFsGroup(caller.gid());
        }
        if (before == null || !Arrays.equals(before.groups(), caller.groups())) {
            int[] ids = caller.groups();
            for (int i = 0; i < ids.length; i++) {
                groups.putInt(4 * i, ids[i]);
            }
            int result = posix.setThreadGroups(ids.length, groupsAddress);
            if (result < 0) {
                throw new IllegalStateException("cannot take on a caller's groups (errno " + -result + ")");
            }
        }
        present = caller;
    }
}
