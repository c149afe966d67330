package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.state.Generation;
import dev.nbroot.state.Generations;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.Commands;
import dev.nbroot.system.TreeRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A root that is built for real is worked on with its own apt, by the program as its users run it. */
@Timeout(900)
class EnterBuiltRootIT {
    private Path home;

    @AfterEach
    void clean() {
        if (home != null) {
            TreeRemoval.remove(home);
        }
    }

    @Test
    void aPackageIsInstalledTheRootUpgradedAndAMachinesWorkKept() throws IOException, InterruptedException {
        Thorough.only();
        Needs.root();
        Needs.programs("debootstrap");
        home = Files.createTempDirectory(Path.of("/var/tmp"), "nbroot-enter-");
        Program program = new Program(BuiltRoots.with().program().commands(), home.resolve("state"), home);
        Path profile = SmallRoot.write(home, "small", "node", "");
        program.run("build", profile.toString());
        HostSnapshot host = HostSnapshot.take();

        program.run("enter", "small", "--", "apt-get", "update");
        assertThat(current(program).number()).as("lists alone are no change").isEqualTo(1);
        program.run("enter", "small", "--", "sh", "-c", "apt-get update && apt-get install tree && tree --version");
        Generation entered = current(program);
        assertThat(entered.number()).isEqualTo(2);
        Manifest manifest = new StateFiles(new StateDirectory(program.state())).manifest(entered);
        assertThat(manifest.packages())
                .extracting(Manifest.InstalledPackage::name)
                .contains("tree");
        assertThat(manifest.origin().by()).isEqualTo("enter");
        assertThat(entered.tree().resolve("var/lib/apt/lists")).isEmptyDirectory();
        assertThat(program.run("diff", "small", "1", "2")).anyMatch(line -> line.startsWith("  + tree "));

        Commands.Result failed = program.attempt("enter", "small", "--", "sh", "-c", "apt-get remove tree && exit 5");
        assertThat(failed.status()).isEqualTo(5);
        assertThat(current(program).number()).isEqualTo(2);

        List<String> upgraded = program.run("upgrade", "small");
        assertThat(upgraded)
                .as("what was built today is up to date")
                .containsExactly("nothing to upgrade: small/2 stays current");

        program.run("clone", "small", "--mac", "52:54:00:12:34:56");
        program.run("enter", "--mac", "52:54:00:12:34:56", "--", "apt-get", "purge", "tree");
        assertThat(program.run("diff", "--mac", "52:54:00:12:34:56")).anyMatch(line -> line.startsWith("  - tree "));
        program.run("commit", "--mac", "52:54:00:12:34:56");
        assertThat(current(program).number()).isEqualTo(3);
        assertThat(current(program).tree().resolve("usr/bin/tree")).doesNotExist();
        host.assertNothingLeft();
    }

    private static Generation current(Program program) {
        return new Generations(new StateDirectory(program.state())).require("small");
    }
}
