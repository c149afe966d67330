package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.export.Squash;
import dev.nbroot.nfs.rpc.RpcCall;
import java.util.Arrays;

/** An identity to act with, after squashing. Two callers with the same ids are the same object, see CallerTable. */
final class Caller {
    private final int uid;
    private final int gid;
    private final int[] groups;
    private Caller asRoot;

    Caller(int uid, int gid, int[] groups) {
        this.uid = uid;
        this.gid = gid;
        this.groups = groups;
    }

    int uid() {
        return uid;
    }

    int gid() {
        return gid;
    }

    int[] groups() {
        return groups;
    }

    /** {@return root with the same groups} */
    Caller asRoot() {
        if (asRoot == null) {
            asRoot = uid == 0 ? this : new Caller(0, gid, groups);
        }
        return asRoot;
    }

    boolean isRoot() {
        return uid == 0;
    }

    /** {@return the identity that a call gives, squashed} */
    static Caller of(RpcCall call, Squash squash) {
        int[] groups = new int[call.flavor() == RpcCall.AUTH_SYS ? call.groupCount() : 0];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = squashed(call.group(i), call, squash, squash.gid());
        }
        return new Caller(
                squashed(call.uid(), call, squash, squash.uid()),
                squashed(call.gid(), call, squash, squash.gid()),
                groups);
    }

    private static int squashed(int id, RpcCall call, Squash squash, int instead) {
        return call.flavor() != RpcCall.AUTH_SYS || squash.takes(id) ? instead : id;
    }

    /** {@return whether {@link #of} would give this identity} */
    boolean matches(RpcCall call, Squash squash) {
        if (squashed(call.uid(), call, squash, squash.uid()) != uid
                || squashed(call.gid(), call, squash, squash.gid()) != gid) {
            return false;
        }
        int count = call.flavor() == RpcCall.AUTH_SYS ? call.groupCount() : 0;
        if (count != groups.length) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (squashed(call.group(i), call, squash, squash.gid()) != groups[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Caller c && c.uid == uid && c.gid == gid && Arrays.equals(c.groups, groups);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * uid + gid) + Arrays.hashCode(groups);
    }
}
