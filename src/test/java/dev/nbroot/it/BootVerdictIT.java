package dev.nbroot.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nbroot.system.Commands;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.TreeRemoval;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code nbroot test}: a verdict that is true, and a machine that leaves nothing behind. Roots of both initrd generators:
 * forky's is dracut.
 */
class BootVerdictIT {
    private static final MacAddress MAC = MacAddress.parse("52:54:00:6e:62:0c");
    private static final MacAddress KEEPING = MacAddress.parse("52:54:00:6e:62:1e");

    @TempDir
    private Path scratch;

    @BeforeEach
    void needs() {
        Needs.root();
        Needs.programs("qemu-system-x86_64", "dnsmasq", "ip", "unshare", "debootstrap", "ssh");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bookworm", "rescue", "forky"})
    void aRootThatBootsStatelesslyIsFoundToBoot(String root) throws Exception {
        HostSnapshot before = HostSnapshot.take();
        BuiltRoots roots = BuiltRoots.with(root);

        JsonNode verdict = json(roots.program().run("test", root, "--json", "--timeout", "600"));

        assertThat(verdict.path("ok").asBoolean()).isTrue();
        assertThat(verdict.path("evidence").asText()).contains("logged in over SSH", "/ is overlay");
        assertThat(verdict.path("stages").findValuesAsText("name"))
                .containsSubsequence("switched on", "boot loader loaded", "initrd loaded", "root mounted", "logged in");
        before.assertNothingLeft();
    }

    /** NetbootIT boots clients of the roots whose initrd is made by initramfs-tools. */
    @Test
    void aClientIsTestedWithoutChangingIt() throws Exception {
        String root = "forky";
        HostSnapshot before = HostSnapshot.take();
        BuiltRoots roots = BuiltRoots.with(root);
        Program nbroot = roots.program();
        nbroot.run("stage", root, "--tftp", scratch.resolve("tftp").toString(), "--server", "192.168.7.2");
        nbroot.run("clone", root, "--mac", MAC.colons(), "--hostname", "tested");
        List<String> upper = tree(roots.upper(MAC));

        JsonNode verdict = json(nbroot.run("test", "--mac", MAC.colons(), "--json", "--timeout", "600"));

        assertThat(verdict.path("evidence").asText()).contains("tested", "/ is nfs");
        assertThat(tree(roots.upper(MAC))).isEqualTo(upper);
        before.assertNothingLeft();
    }

    @Test
    void whatStagingWouldMakeIsTriedAndNotMade() throws Exception {
        Thorough.only();
        BuiltRoots roots = BuiltRoots.with();
        Program nbroot = roots.program();
        Path base = Path.of("profiles/bookworm.yaml").toAbsolutePath();
        for (String more : List.of("boot: {mode: shared}", "persist: [/home, /srv/data]")) {
            String name = more.startsWith("boot") ? "tried-shared" : "tried-persist";
            Path profile = Files.writeString(
                    scratch.resolve(name + ".yaml"), "name: %s\ninclude: [%s]\n%s\n".formatted(name, base, more));
            nbroot.run("build", profile.toString());
        }
        nbroot.run("clone", "tried-persist", "--mac", KEEPING.colons(), "--mode", "stateless", "--hostname", "tried");
        Path client = roots.upper(KEEPING).getParent();
        TreeRemoval.remove(client.resolve("persist"));
        HostSnapshot before = HostSnapshot.take();
        List<String> clients = tree(client.getParent());

        JsonNode shared = json(nbroot.run("test", "tried-shared", "--json", "--timeout", "600"));
        assertThat(shared.path("evidence").asText()).contains("/ is nfs");
        JsonNode kept =
                json(nbroot.run("test", "tried-persist", "--mac", KEEPING.colons(), "--json", "--timeout", "600"));
        assertThat(kept.path("evidence").asText()).contains("tried", "/ is overlay");

        assertThat(tree(client.getParent())).isEqualTo(clients);
        before.assertNothingLeft();
    }

    @Test
    void aTreeWithoutAKernelIsFoundNotToBootAndTheStageIsNamed() throws Exception {
        HostSnapshot before = HostSnapshot.take();
        BuiltRoots roots = BuiltRoots.with("bookworm");
        Path tftp = scratch.resolve("tftp");
        roots.program().run("stage", "--tftp", tftp.toString(), "--server", "192.168.7.2");
        Files.delete(tftp.resolve("ldlinux.c32"));

        Commands.Result result = roots.program().attempt("test", "--json", "--timeout", "60");

        assertThat(result.status()).isEqualTo(1);
        JsonNode error = json(result.lines()).path("error");
        assertThat(error.path("kind").asText()).isEqualTo("failed");
        assertThat(error.path("message").asText()).contains("'boot loader loaded'");
        assertThat(error.path("lines").toString()).contains("Failed to load ldlinux.c32");
        before.assertNothingLeft();
    }

    private static JsonNode json(List<String> lines) throws Exception {
        assertThat(lines).hasSize(1);
        return new ObjectMapper().readTree(lines.get(0));
    }

    private static List<String> tree(Path top) throws Exception {
        try (var files = Files.walk(top)) {
            return files.map(file -> top.relativize(file).toString()).sorted().toList();
        }
    }
}
