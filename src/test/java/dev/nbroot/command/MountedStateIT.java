package dev.nbroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.FaultState;
import dev.nbroot.it.ForkedBuild;
import dev.nbroot.it.SmallRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier build has left is not deleted while somebody has mounted something in it. */
@Timeout(120)
class MountedStateIT {
    @TempDir
    Path home;

    @Test
    void aDeleteThatMeetsAMountStops() throws Exception {
        try (FaultState site = FaultState.sharing(home)) {
            Path left = Files.createDirectories(site.state().root("small").resolve(".building/out/root/mnt"));
            Files.writeString(left.resolveSibling("file"), "precious");
            Path host = Files.createDirectories(home.resolve("host"));
            Files.writeString(host.resolve("file"), "precious");
            // A bind mount of the same file system has the same device number.
            List<String> mounted = List.of(
                    "unshare",
                    "--mount",
                    "--propagation",
                    "private",
                    "sh",
                    "-ec",
                    "mount --bind \"$0\" \"$1\"; shift; exec \"$@\"",
                    host.toString(),
                    left.toString());
            Path link =
                    Files.createSymbolicLink(home.resolve("state"), site.state().path());
            Path profile = SmallRoot.write(home, "small", "one", "");
            for (Path state : List.of(site.state().path(), link)) {
                ForkedBuild build = ForkedBuild.start(mounted, state, home, profile);
                assertThat(build.follow()).as("%s", build.lines()).isEqualTo(1);
                assertThat(build.lines())
                        .anyMatch(line -> line.startsWith("FAILED: will not delete ")
                                && line.endsWith("something is mounted at " + left))
                        .contains("hint: umount " + left);
                assertThat(left.resolveSibling("file")).hasContent("precious");
                assertThat(host.resolve("file")).hasContent("precious");
            }
        }
    }
}
