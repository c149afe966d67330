package dev.nbroot.nfs.v3;

import dev.nbroot.nfs.xdr.XdrException;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.nio.ByteBuffer;

/**
 * A POSIX access control list (acl(5)) between its two forms. Reusable.
 *
 * <pre>
 * on the wire:  count | array length | { tag | id | permissions } ...        32 bits each, as Solaris defined it
 * in the xattr: version 2 (32 bits) | { tag | permissions (16 bits each) | id (32 bits) } ...      little endian
 * </pre>
 */
final class AccessControlList {
    /** The most entries that either side accepts. */
    static final int MOST_ENTRIES = 256;

    static final int MOST_WIRE_BYTES = 8 + 12 * MOST_ENTRIES;
    static final int MOST_XATTR_BYTES = 4 + 8 * MOST_ENTRIES;

    private static final int VERSION = 2;
    private static final int USER_OBJ = 0x01;
    private static final int USER = 0x02;
    private static final int GROUP_OBJ = 0x04;
    private static final int GROUP = 0x08;
    private static final int MASK = 0x10;
    private static final int OTHER = 0x20;
    /** Marks the entries of a directory's default list on the wire. */
    private static final int DEFAULT = 0x1000;

    private static final int PERMISSIONS = 7;
    private static final int UNDEFINED_ID = -1;

    private final int[] tags = new int[MOST_ENTRIES];
    private final int[] ids = new int[MOST_ENTRIES];
    private final int[] permissions = new int[MOST_ENTRIES];
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    void clear() {
        count = 0;
    }

    /** Becomes the list that says the same as the permission bits. */
    void fromMode(int mode) {
        count = 0;
        add(USER_OBJ, UNDEFINED_ID, mode >> 6);
        add(GROUP_OBJ, UNDEFINED_ID, mode >> 3);
        add(OTHER, UNDEFINED_ID, mode);
    }

    private void add(int tag, int id, int bits) {
        tags[count] = tag;
        ids[count] = id;
        permissions[count++] = bits & PERMISSIONS;
    }

    /** Takes over an extended attribute's value; {@return whether it has a form that we know} */
    boolean fromXattr(ByteBuffer value, int length) {
        count = 0;
        if (length < 4 || (length - 4) % 8 != 0 || value.getInt(0) != VERSION) {
            return false;
        }
        for (int at = 4; at < length; at += 8) {
            add(value.getShort(at) & 0xffff, value.getInt(at + 4), value.getShort(at + 2));
        }
        return true;
    }

    /** Writes the extended attribute's value; {@return its length in bytes} */
    int toXattr(ByteBuffer value) {
        value.putInt(0, VERSION);
        for (int i = 0; i < count; i++) {
            value.putShort(4 + 8 * i, (short) tags[i]);
            value.putShort(6 + 8 * i, (short) permissions[i]);
            value.putInt(8 + 8 * i, ids[i]);
        }
        return 4 + 8 * count;
    }

    /** Reads the form on the wire; a mask that only repeats the group's permissions is dropped, as it was made up. */
    void read(XdrIn in) {
        count = 0;
        in.int32();
        int length = in.int32();
        if (length < 0 || length > MOST_ENTRIES) {
            throw new XdrException("an access control list is too long");
        }
        for (int i = 0; i < length; i++) {
            int tag = in.int32() & ~DEFAULT;
            int id = in.int32();
            add(tag, tag == USER || tag == GROUP ? id : UNDEFINED_ID, in.int32());
        }
        if (count == 4 && indexOf(MASK) >= 0 && permissionsOf(MASK) == permissionsOf(GROUP_OBJ)) {
            remove(indexOf(MASK));
        }
        sort();
    }

    private int indexOf(int tag) {
        for (int i = 0; i < count; i++) {
            if (tags[i] == tag) {
                return i;
            }
        }
        return -1;
    }

    private int permissionsOf(int tag) {
        int at = indexOf(tag);
        return at < 0 ? -1 : permissions[at];
    }

    private void remove(int index) {
        count--;
        for (int i = index; i < count; i++) {
            move(i + 1, i);
        }
    }

    private void move(int from, int to) {
        tags[to] = tags[from];
        ids[to] = ids[from];
        permissions[to] = permissions[from];
    }

    /** The kernel wants tags in ascending order, and ids within a tag; the wire does not promise that. */
    private void sort() {
        for (int i = 1; i < count; i++) {
            int tag = tags[i];
            int id = ids[i];
            int bits = permissions[i];
            int at = i;
            while (at > 0
                    && (tags[at - 1] > tag || tags[at - 1] == tag && Integer.compareUnsigned(ids[at - 1], id) > 0)) {
                move(at - 1, at);
                at--;
            }
            tags[at] = tag;
            ids[at] = id;
            permissions[at] = bits;
        }
    }

    /**
     * Writes the form on the wire. A list of three entries gets a fourth, a mask, in its canonical place: that is what
     * Solaris clients expect, and what Linux' own server does.
     *
     * @param uid the object's owner, who stands in the owner's entry
     * @param gid the object's group
     * @param isDefault whether it is a directory's default list
     */
    void write(XdrOut out, int uid, int gid, boolean isDefault) {
        boolean addMask = count == 3;
        int entries = addMask ? 4 : count;
        out.int32(entries);
        out.int32(entries);
        int mark = isDefault ? DEFAULT : 0;
        for (int i = 0; i < count; i++) {
            if (addMask && tags[i] == OTHER) {
                entry(out, MASK | mark, 0, permissionsOf(GROUP_OBJ));
            }
            entry(out, tags[i] | mark, idOnWire(i, uid, gid), permissions[i]);
        }
    }

    private int idOnWire(int i, int uid, int gid) {
        return switch (tags[i]) {
            case USER_OBJ -> uid;
            case GROUP_OBJ -> gid;
            case USER, GROUP -> ids[i];
            default -> 0;
        };
    }

    private static void entry(XdrOut out, int tag, int id, int bits) {
        out.int32(tag);
        out.int32(id);
        out.int32(bits);
    }
}
