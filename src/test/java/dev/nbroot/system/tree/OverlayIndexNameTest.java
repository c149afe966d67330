package dev.nbroot.system.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverlayIndexNameTest {
    /** As an ext4 lower layer gives it: 8 bytes of real handle, of type 1. */
    private static final String ENTRY = "00fb1d000100000000000000000000000000000000d9e1ea007287b2b9";

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void theHandleOfAnObjectNamesItsEntry() {
        OverlayIndexName name = OverlayIndexName.ofHandle(0xf8, bytes("000000" + ENTRY));
        ByteBuffer text = ByteBuffer.allocate(100);

        name.write(text, 1);

        assertThat(new String(text.array(), 1, ENTRY.length())).isEqualTo(ENTRY);
        assertThat(text.get(1 + ENTRY.length())).isZero();
    }

    @Test
    void anEntryHasTheOriginalsHandle() {
        ByteBuffer handle = ByteBuffer.allocate(100).order(ByteOrder.nativeOrder());

        OverlayIndexName.ofEntry(ENTRY).writeOriginal(handle, 4);
        assertThat(OverlayIndexName.ofEntry(ENTRY).original()).isEqualTo("01d9e1ea007287b2b9");

        assertThat(handle.getInt(4)).isEqualTo(8);
        assertThat(handle.getInt(8)).isEqualTo(1);
        assertThat(handle.slice(12, 8)).isEqualTo(ByteBuffer.wrap(bytes("d9e1ea007287b2b9")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#1a2b",
                "",
                "00fb",
                "00fc1d000100000000000000000000000000000000d9e1ea007287b2b9",
                "00fb1c000100000000000000000000000000000000d9e1ea007287b2b9",
                "00fb15000100000000000000000000000000000000"
            })
    void otherNamesAreNone(String name) {
        assertThat(OverlayIndexName.ofEntry(name)).isNull();
    }

    @Test
    void whatIsOfTheUpperLayerIsNotInTheIndex() {
        String upper = ENTRY.replace("1d00", "1d04");

        assertThat(OverlayIndexName.ofHandle(0xf8, bytes("000000" + upper))).isNull();
    }

    @Test
    void handlesOfOtherFileSystemsAreNone() {
        assertThat(OverlayIndexName.ofHandle(1, bytes("000000" + ENTRY))).isNull();
        assertThat(OverlayIndexName.ofHandle(0xf8, bytes("000000" + ENTRY.substring(0, 50))))
                .isNull();
        assertThat(OverlayIndexName.ofHandle(0xf8, new byte[0])).isNull();
    }
}
