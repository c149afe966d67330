package dev.nbroot.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.system.PosixFiles;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeTableTest {
    private static final int MOST = 20;

    private final List<Integer> closed = new ArrayList<>();
    private final NodeTable table = new NodeTable(posix(), MOST);

    /** Notes what is closed; nothing else may be asked. */
    private PosixFiles posix() {
        return (PosixFiles) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PosixFiles.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("close");
                    closed.add((Integer) arguments[0]);
                    return 0;
                });
    }

    private Node add(int descriptor) {
        byte[] handle = new byte[HandleCodec.FIXED_BYTES + 8];
        ByteBuffer.wrap(handle).putInt(HandleCodec.FIXED_BYTES, descriptor);
        Node node = new Node(HandleCodec.checksum(ByteBuffer.wrap(handle), 0, handle.length), handle, null, descriptor);
        table.add(node);
        return node;
    }

    /** Adds as many as a table may have that has no others. */
    private void fillUp() {
        for (int i = 0; i < MOST; i++) {
            add(1000 + i);
        }
    }

    @Test
    void closesWhatWasNotUsedForLongestWhenThereAreTooMany() {
        fillUp();
        assertThat(closed).isEmpty();
        add(2000);
        assertThat(closed).containsExactly(1000);
    }

    @Test
    void whatADroppedNodeOpensIsClosedWithItAndCountsNowhere() {
        Node node = add(1);
        node.pin();
        table.drop(node);
        assertThat(closed).as("somebody reads it").isEmpty();
        // As when a file is removed by one loop while another waits for its bytes, and the client reads on.
        node.reader(2);
        table.opened(node, 1);
        node.writer(3);
        table.opened(node, 1);
        fillUp();
        assertThat(closed).as("others pay for it").isEmpty();
        table.unpin(node);
        assertThat(closed).containsExactlyInAnyOrder(1, 2, 3);
        add(2000);
        assertThat(closed).containsExactlyInAnyOrder(1, 2, 3, 1000);
    }

    @Test
    void whatANodeOpensCountsUntilItIsClosed() {
        Node node = add(1);
        node.reader(2);
        table.opened(node, 1);
        node.pin();
        fillUp();
        assertThat(closed).as("two too many").containsExactly(1000, 1001);
        node.pin();
        table.unpin(node);
        table.unpin(node);
        assertThat(closed).hasSize(2);
        table.drop(node);
        assertThat(closed).containsExactly(1000, 1001, 2, 1);
        add(2000);
        add(2001);
        assertThat(closed).as("room for two").hasSize(4);
    }
}
