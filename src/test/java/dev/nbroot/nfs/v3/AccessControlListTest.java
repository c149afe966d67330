package dev.nbroot.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.nfs.xdr.XdrException;
import dev.nbroot.nfs.xdr.XdrIn;
import dev.nbroot.nfs.xdr.XdrOut;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class AccessControlListTest {
    private final AccessControlList list = new AccessControlList();
    private final ByteBuffer wire = ByteBuffer.allocate(AccessControlList.MOST_WIRE_BYTES);
    private final ByteBuffer xattr =
            ByteBuffer.allocate(AccessControlList.MOST_XATTR_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    @Test
    void permissionBitsBecomeFourEntriesOnTheWire() {
        list.fromMode(0750);
        write(10, 20, false);

        assertThat(ints(14)).containsExactly(4, 4, 1, 10, 7, 4, 20, 5, 0x10, 0, 5, 0x20, 0, 0);
    }

    @Test
    void aDefaultListIsMarked() {
        list.fromMode(0700);
        write(0, 0, true);

        assertThat(ints(5)).containsExactly(4, 4, 0x1001, 0, 7);
    }

    @Test
    void anEmptyListIsTwoZeroes() {
        list.clear();
        write(0, 0, false);

        assertThat(wire.position()).isEqualTo(8);
        assertThat(ints(2)).containsExactly(0, 0);
    }

    @Test
    void aListWithNamesSurvivesTheWayThroughTheXattr() {
        // user::rw- user:1000:r-- group::r-- mask::rw- other::---, out of order as Solaris may send it
        fill(5, 5, 0x20, 0, 0, 0x02, 1000, 4, 0x01, 7, 6, 0x10, 0, 6, 0x04, 8, 4);
        read();
        int length = list.toXattr(xattr);
        assertThat(length).isEqualTo(4 + 5 * 8);

        assertThat(list.fromXattr(xattr, length)).isTrue();
        write(7, 8, false);
        assertThat(ints(17)).containsExactly(5, 5, 1, 7, 6, 2, 1000, 4, 4, 8, 4, 0x10, 0, 6, 0x20, 0, 0);
    }

    @Test
    void aMaskThatSaysNothingNewIsDropped() {
        list.fromMode(0640);
        write(1, 2, false);
        read();

        assertThat(list.toXattr(xattr)).isEqualTo(4 + 3 * 8);
    }

    @Test
    void whatIsNoAccessControlListIsRefused() {
        assertThat(list.fromXattr(xattr, 3)).isFalse();
        xattr.putInt(0, 1);
        assertThat(list.fromXattr(xattr, 12)).isFalse();
        fill(1 << 20, 1 << 20);
        assertThatThrownBy(this::read).isInstanceOf(XdrException.class);
        fill(3, 3, 1);
        assertThatThrownBy(this::read).isInstanceOf(XdrException.class);
    }

    private void write(int uid, int gid, boolean isDefault) {
        wire.clear();
        XdrOut out = new XdrOut();
        out.reset(wire);
        list.write(out, uid, gid, isDefault);
    }

    private void fill(int... words) {
        wire.clear();
        for (int word : words) {
            wire.putInt(word);
        }
    }

    private void read() {
        XdrIn in = new XdrIn();
        in.reset(wire, 0, wire.position());
        list.read(in);
    }

    private int[] ints(int count) {
        int[] words = new int[count];
        wire.asReadOnlyBuffer().flip().order(ByteOrder.BIG_ENDIAN).asIntBuffer().get(words);
        return words;
    }
}
