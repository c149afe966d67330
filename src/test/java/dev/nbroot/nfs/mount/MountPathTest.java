package dev.nbroot.nfs.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MountPathTest {
    @Test
    void cleansAPath() {
        assertThat(MountPath.of("//srv/./roots/a//").orElseThrow()).hasToString("/srv/roots/a");
        assertThat(MountPath.of("/").orElseThrow()).hasToString("/");
    }

    @Test
    void refusesToGoUp() {
        assertThat(MountPath.of("/srv/../etc")).isEmpty();
        assertThat(MountPath.of("srv")).isEmpty();
        assertThat(MountPath.of("")).isEmpty();
        assertThat(MountPath.of("/srv\0")).isEmpty();
    }

    @Test
    void tellsWhatIsBelow() {
        MountPath export = MountPath.of("/srv/a").orElseThrow();
        assertThat(MountPath.of("/srv/a/b/c").orElseThrow().below(export)).contains(List.of("b", "c"));
        assertThat(MountPath.of("/srv/a").orElseThrow().below(export)).contains(List.of());
        assertThat(MountPath.of("/srv/ab").orElseThrow().below(export)).isEmpty();
    }
}
