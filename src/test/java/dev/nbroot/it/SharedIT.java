package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.system.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two machines take turns with one writable tree. */
@Timeout(5400)
class SharedIT {
    private static final MacAddress FIRST = MacAddress.parse("52:54:00:6e:62:13");
    private static final MacAddress SECOND = MacAddress.parse("52:54:00:6e:62:14");

    @TempDir
    private Path scratch;

    private BuiltRoots roots;

    @BeforeEach
    void needs() throws IOException {
        BootLab.needs();
        roots = BuiltRoots.with();
    }

    @Test
    void bookworm() throws Exception {
        machinesTakeTurns("bookworm");
    }

    @Test
    void trixie() throws Exception {
        machinesTakeTurns("trixie");
    }

    private void machinesTakeTurns(String suite) throws Exception {
        HostSnapshot before = HostSnapshot.take();
        String name = "shared-" + suite;
        Path base = Path.of("profiles/" + suite + ".yaml").toAbsolutePath();
        Path profile = Files.writeString(scratch.resolve("profile.yaml"), """
                name: %s
                include: [%s]
                hostname: desk
                boot: {mode: shared}
                """.formatted(name, base));
        roots.program().run("build", profile.toString());
        BootLab.stage(roots, scratch, name);
        try (BootLab lab = new BootLab(roots, scratch, FIRST, SECOND)) {
            Machine first;
            try (ServeProcess serve = lab.serve()) {
                first = lab.powerOn(FIRST);
                first.awaitLogin(BootLab.BOOT);
                ModeFigures.note("shared", first);
                assertThat(first.says("findmnt -no FSTYPE /; hostname")).isEqualTo("nfs\ndesk");
                first.says("echo from the first >~/file && sync ~/file");
                serve.kill();
            }
            try (ServeProcess serve = lab.serve()) {
                Machine second = lab.powerOn(SECOND);
                second.awaitConsole(0, "Permission denied", BootLab.BOOT);
                assertThat(second.hardware().serialText())
                        .contains("the root " + name + " is for one machine at a time");
                serve.await(
                        "the reason",
                        line -> line.contains("refused")
                                && line.contains(SECOND.colons())
                                && line.contains("is for one machine at a time, and " + FIRST.colons() + " (10.77.0.")
                                && line.contains("switch that one off"),
                        60_000);
                assertThat(first.says("cat ~/file && touch ~/still-on")).isEqualTo("from the first");

                first.powerOff();
                second.awaitLogin(BootLab.BOOT);
                assertThat(second.says("cat ~/file; ls ~/still-on; findmnt -no FSTYPE /; hostname"))
                        .isEqualTo("from the first\n/home/admin/still-on\nnfs\ndesk");
                assertThat(second.says("sudo systemctl --failed --no-legend")).isEmpty();
                second.powerOff();
                assertThat(serve.terminate()).isZero();
            }
        }
        assertThat(said("diff", "--shared", name)).contains("/home/admin");
        assertThat(said("clients")).contains(name + "/1", "shared");
        roots.program().run("reset", "--shared", name);
        assertThat(said("diff", "--shared", name)).doesNotContain("/home/admin");
        before.assertNothingLeft();
    }

    private String said(String... words) {
        return String.join("\n", roots.program().run(words));
    }
}
