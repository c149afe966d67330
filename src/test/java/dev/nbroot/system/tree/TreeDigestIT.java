package dev.nbroot.system.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nbroot.it.Needs;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The properties of a tree that only root can set, and mounts in it. Needs root and python3. */
class TreeDigestIT {
    @TempDir
    private Path directory;

    private final Commands commands = new LinuxCommands(Events.none());
    private final TreeDigest digest = new TreeDigest(new LinuxPosixFiles());
    private Path tree;

    @BeforeEach
    void make() throws IOException {
        Needs.root();
        Needs.programs("python3", "mknod", "chown");
        tree = Files.createDirectory(directory.resolve("tree"));
        Files.writeString(tree.resolve("file"), "content");
        Files.createDirectory(tree.resolve("directory"));
        Files.createSymbolicLink(tree.resolve("link"), Path.of("file"));
        run("mknod", "null", "c", "1", "3");
        run("mknod", "pipe", "p");
        touch();
    }

    private void run(String... argv) {
        commands.run(Invocation.of(argv).in(tree));
    }

    private void touch() {
        run("touch", "--no-dereference", "--date=@1700000000", "file", "link", "null", "pipe", "directory", ".");
    }

    /** setfattr(1) is not in every installation; the layout of an ACL is that of linux/posix_acl_xattr.h. */
    private static String[] attribute(String file, String name, String hex) {
        String script = "import os; os.setxattr('" + file + "', '" + name + "', bytes.fromhex('" + hex
                + "'), follow_symlinks=False)";
        return new String[] {"python3", "-c", script};
    }

    static Map<String, String[]> flips() {
        String acl = "02000000" + "01000600ffffffff" + "0200040001000000" + "04000400ffffffff" + "10000600ffffffff"
                + "20000400ffffffff";
        return Map.ofEntries(
                Map.entry("owner", new String[] {"chown", "7", "file"}),
                Map.entry("group", new String[] {"chown", ":7", "file"}),
                Map.entry("owner of a link", new String[] {"chown", "--no-dereference", "7", "link"}),
                Map.entry("device", new String[] {"sh", "-c", "rm null && mknod null c 1 5"}),
                Map.entry("kind of device", new String[] {"sh", "-c", "rm null && mknod null b 1 3"}),
                Map.entry("pipe", new String[] {"sh", "-c", "rm pipe && : >pipe"}),
                Map.entry(
                        "capability",
                        attribute("file", "security.capability", "0100000200200000000000000000000000000000")),
                Map.entry("access control list", attribute("file", "system.posix_acl_access", acl)),
                Map.entry("default access control list", attribute("directory", "system.posix_acl_default", acl)),
                Map.entry("attribute of a link", attribute("link", "trusted.note", "01")),
                Map.entry("trusted attribute", attribute("directory", "trusted.note", "01")));
    }

    static Stream<String> properties() {
        return flips().keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("properties")
    void eachPropertyCounts(String property) {
        TreeRecord before = digest.of(tree);
        run(flips().get(property));
        touch();
        TreeRecord after = digest.of(tree);
        assertThat(after.sha256()).isNotEqualTo(before.sha256());
        assertThat(before.firstDifference(after)).isPresent();
    }

    @Test
    void theTextHasWhatWasSet() {
        run(flips().get("capability"));
        assertThat(digest.of(tree).lines())
                .anyMatch(line -> line.startsWith("./null type=char") && line.endsWith(" device=native,1,3"))
                .anyMatch(line -> line.startsWith("./file ")
                        && line.endsWith(" xattr.security.capability=0100000200200000000000000000000000000000"));
    }

    @Test
    void aMountIsNotCrossed() {
        try (Namespaces.Namespace namespace = new LinuxNamespaces().open()) {
            String before = digest.of(namespace.path(tree)).sha256();
            assertThat(before).isEqualTo(digest.of(tree).sha256());
            commands.run(namespace.inside(Invocation.of(
                    "mount",
                    "--bind",
                    tree.toString(),
                    tree.resolve("directory").toString())));
            Failure failure = catchThrowableOfType(Failure.class, () -> digest.of(namespace.path(tree)));
            assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
            assertThat(failure)
                    .hasMessageContaining("something is mounted in the tree")
                    .hasMessageEndingWith(tree.resolve("directory").toString());
        }
    }
}
