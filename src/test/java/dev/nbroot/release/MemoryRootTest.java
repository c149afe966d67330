package dev.nbroot.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class MemoryRootTest {
    private static final ClientAddress FIXED = new ClientAddress("192.0.2.7", "255.255.252.0", "node1");
    private static final String PATH = "nbroot/bookworm/1/root.squashfs";

    private static MemoryRoot root(OptionalInt port) {
        return new MemoryRoot("192.0.2.1", port, PATH, "ab".repeat(32), 4096);
    }

    @Test
    void initramfsToolsFindsItsScriptAndBothWays() {
        assertThat(root(OptionalInt.of(80)).words(InitrdGenerator.INITRAMFS_TOOLS, Optional.empty()))
                .containsExactly(
                        "boot=nbroot",
                        "ip=dhcp",
                        "nbroot.image=http://192.0.2.1/" + PATH,
                        "nbroot.image=tftp://192.0.2.1/" + PATH,
                        "nbroot.image.sha256=" + "ab".repeat(32),
                        "nbroot.image.size=4096");
    }

    @Test
    void dracutFindsItsProgram() {
        assertThat(root(OptionalInt.of(80)).words(InitrdGenerator.DRACUT, Optional.of(FIXED)))
                .startsWith(
                        "root=nbroot:image",
                        "rd.neednet=1",
                        "rd.bootif=0",
                        "rd.retry=86400",
                        "ip=192.0.2.7:::255.255.252.0:node1::none");
    }

    @Test
    void anotherPortIsSaidAndWithoutOneThereIsTftp() {
        assertThat(root(OptionalInt.of(8080)).words(InitrdGenerator.DRACUT, Optional.empty()))
                .contains("nbroot.image=http://192.0.2.1:8080/" + PATH);
        assertThat(root(OptionalInt.empty()).words(InitrdGenerator.DRACUT, Optional.empty()))
                .contains("nbroot.image=tftp://192.0.2.1/" + PATH)
                .noneMatch(word -> word.contains("http"));
    }
}
