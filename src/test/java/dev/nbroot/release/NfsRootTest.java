package dev.nbroot.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NfsRootTest {
    private static final Path TREE = Path.of("/srv/roots/forky/1/root");
    private static final NfsRoot READ_ONLY = new NfsRoot("192.0.2.1", TREE, false, 2049);
    private static final ClientAddress FIXED = new ClientAddress("192.0.2.7", "255.255.252.0", "node1");

    @Test
    void initramfsToolsGetsWhatNfsmountKnows() {
        assertThat(READ_ONLY.words(InitrdGenerator.INITRAMFS_TOOLS, Optional.empty()))
                .containsExactly(
                        "root=/dev/nfs",
                        "nfsroot=192.0.2.1:/srv/roots/forky/1/root,vers=3,tcp,hard,timeo=600,retrans=2",
                        "ip=dhcp",
                        "ro");
        assertThat(READ_ONLY.words(InitrdGenerator.INITRAMFS_TOOLS, Optional.of(FIXED)))
                .contains("ip=192.0.2.7:192.0.2.1::255.255.252.0:node1::off")
                .doesNotContain("ip=dhcp");
    }

    @Test
    void dracutGetsItsOwnSyntaxAndMountNfssOptions() {
        assertThat(READ_ONLY.words(InitrdGenerator.DRACUT, Optional.empty()))
                .containsExactly(
                        "root=nfs:192.0.2.1:/srv/roots/forky/1/root:"
                                + "vers=3,proto=tcp,mountproto=tcp,hard,timeo=600,retrans=2",
                        "rd.neednet=1",
                        "rd.bootif=0",
                        "rd.retry=86400",
                        "ip=dhcp",
                        "ro");
    }

    /** The second field is a point-to-point peer for dracut, where initramfs-tools has the server. */
    @Test
    void dracutsFixedAddressHasNoPeer() {
        assertThat(READ_ONLY.words(InitrdGenerator.DRACUT, Optional.of(FIXED)))
                .contains("ip=192.0.2.7:::255.255.252.0:node1::none")
                .doesNotContain("ip=dhcp");
    }

    @ParameterizedTest
    @EnumSource
    void anotherPortAndWritingAreSaid(InitrdGenerator generator) {
        List<String> words = new NfsRoot("192.0.2.1", TREE, true, 3049).words(generator, Optional.empty());
        assertThat(words).contains("rw").doesNotContain("ro").anyMatch(word -> word.endsWith(",port=3049"));
        assertThat(READ_ONLY.words(generator, Optional.empty())).noneMatch(word -> word.contains("port=2049"));
    }

    /** nfs-lib.sh takes {@code nfs:X:Y:/Z} for another syntax, with the options in front. */
    @ParameterizedTest
    @EnumSource
    void everyWordIsOneWord(InitrdGenerator generator) {
        assertThat(READ_ONLY.words(generator, Optional.of(FIXED))).allMatch(word -> word.matches("[!-~]+"));
        assertThat(READ_ONLY.words(generator, Optional.empty()).get(0)).doesNotMatch("root=nfs:[^/]*:[^/]*:/.*");
    }
}
