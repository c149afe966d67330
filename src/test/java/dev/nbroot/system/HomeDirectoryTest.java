package dev.nbroot.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class HomeDirectoryTest {
    private static final List<String> ACCOUNTS =
            List.of("root:x:0:0:root:/root:/bin/bash", "ada:x:1000:1000:Ada,,,:/home/ada:/bin/bash", "broken");

    @Test
    void anAccountHasAHome() {
        assertThat(HomeDirectory.of("ada", ACCOUNTS)).contains(Path.of("/home/ada"));
    }

    @Test
    void somebodyUnknownHasNone() {
        assertThat(HomeDirectory.of("broken", ACCOUNTS)).isEmpty();
        assertThat(HomeDirectory.of("adam", ACCOUNTS)).isEmpty();
    }
}
