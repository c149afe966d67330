package dev.nbroot.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemovalsTest {
    private final Removals removals = new Removals();
    private final Removals.Inbox one = removals.join();
    private final Removals.Inbox two = removals.join();
    private final Removals.Inbox three = removals.join();

    private static byte[] handle(long checksum) {
        return ByteBuffer.allocate(32).putLong(24, checksum).array();
    }

    private static List<byte[]> heard(Removals.Inbox inbox) {
        List<byte[]> handles = new ArrayList<>();
        inbox.empty(handles::add);
        return handles;
    }

    @Test
    void theOthersHearOfItOnce() {
        one.tell(handle(5), false);

        assertThat(heard(one)).isEmpty();
        assertThat(heard(two)).containsExactly(handle(5));
        assertThat(heard(two)).isEmpty();
        assertThat(heard(three)).containsExactly(handle(5));
    }

    @Test
    void aDirectoryIsKnownAsRemovedUntilNobodyHasItOpen() {
        one.tell(handle(5), true);

        assertThat(removals.hasRemoved(5, handle(5))).isTrue();
        heard(two);
        assertThat(removals.hasRemoved(5, handle(5))).isTrue();
        heard(three);
        assertThat(removals.hasRemoved(5, handle(5))).isFalse();
    }

    @Test
    void theChecksumAloneIsNotEnough() {
        one.tell(handle(5), true);

        assertThat(removals.hasRemoved(5, ByteBuffer.allocate(40).putLong(32, 5).array()))
                .isFalse();
    }

    @Test
    void ofAFileTheLinksTell() {
        one.tell(handle(5), false);

        assertThat(removals.hasRemoved(5, handle(5))).isFalse();
    }

    @Test
    void aSingleLoopHasNobodyToTell() {
        Removals alone = new Removals();

        alone.join().tell(handle(5), true);

        assertThat(alone.hasRemoved(5, handle(5))).isFalse();
    }
}
