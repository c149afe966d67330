package dev.nbroot.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.it.Needs;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Generation;
import dev.nbroot.state.SampleState;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Host;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import dev.nbroot.system.linux.LinuxPosixFiles;
import dev.nbroot.system.tree.TreeDigest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** mksquashfs at work, on a tree with everything that a root can have. */
class SquashedImagesIT {
    @TempDir
    private Path temporary;

    private final Commands commands = new LinuxCommands(Events.none());
    private final List<Event> events = new ArrayList<>();
    private SampleState state;

    @BeforeEach
    void needs() {
        Needs.root();
        Needs.programs("mksquashfs", "unsquashfs", "python3", "mknod");
        state = new SampleState(temporary.resolve("state"));
    }

    private SquashedImages images(Host host) {
        return new SquashedImages(state.directory(), host, new LinuxNamespaces(), commands, events::add);
    }

    /** The same each time it is called, but for inode numbers and the order in which things were made. */
    private Generation generation(String root, boolean otherWay) throws IOException {
        Generation generation = state.publish(root);
        Path tree = generation.tree();
        Files.createDirectories(tree.resolve("etc/initramfs-tools/scripts"));
        Files.writeString(tree.resolve("etc/initramfs-tools/scripts/nbroot"), "");
        Files.writeString(tree.resolve("usr/bin/tool"), "tool");
        Files.writeString(tree.resolve("etc/hostname"), "same\n");
        if (otherWay) {
            Files.writeString(tree.resolve("z"), "");
            Files.writeString(tree.resolve("usr/bin/first"), "first");
            Files.delete(tree.resolve("z"));
        } else {
            Files.writeString(tree.resolve("usr/bin/first"), "first");
        }
        Files.createLink(tree.resolve("usr/bin/second"), tree.resolve("usr/bin/first"));
        run(tree, "mknod", "null", "c", "1", "3");
        run(tree, "mknod", "pipe", "p");
        run(tree, "ln", "-s", "usr/bin/tool", "link");
        run(tree, "chown", "7:9", "usr/bin/tool");
        run(tree, "chmod", "4755", "usr/bin/tool");
        // cap_net_raw=ep, as linux/capability.h lays it out.
        run(
                tree,
                "python3",
                "-c",
                "import os; os.setxattr('usr/bin/first', 'security.capability',"
                        + " bytes.fromhex('0100000200200000000000000000000000000000'))");
        run(tree, "python3", "-c", "import os; os.setxattr('usr', 'user.note', b'kept')");
        run(tree, "find", ".", "-exec", "touch", "--no-dereference", "--date=@1700000000", "{}", "+");
        return generation;
    }

    private void run(Path directory, String... argv) {
        commands.run(Invocation.of(argv).in(directory));
    }

    @Test
    void theSameTreeGivesTheSameBytesWithAllThatIsInIt() throws IOException {
        Generation first = generation("bookworm", false);
        Generation second = generation("copy", true);
        BootImage image = images(Host.real()).get(first);
        assertThat(images(Host.real()).get(second).sha256()).isEqualTo(image.sha256());

        Path unpacked = temporary.resolve("unpacked");
        run(
                temporary,
                "unsquashfs",
                "-no-progress",
                "-dest",
                unpacked.toString(),
                image.file().toString());
        TreeDigest digest = new TreeDigest(new LinuxPosixFiles());
        assertThat(digest.of(unpacked)).isEqualTo(digest.of(first.tree()));
        assertThat(Files.getAttribute(unpacked.resolve("usr/bin/second"), "unix:nlink"))
                .isEqualTo(2);
        run(image.file().getParent(), "sha256sum", "--check", "--quiet", "root.squashfs.sha256");
    }

    @Test
    void itIsMadeOnceAndWhatAKilledRunLeftIsCleared() throws IOException {
        Generation generation = generation("bookworm", false);
        Path boot = generation.kernel().getParent();
        Files.writeString(boot.resolve(".root.squashfs-1"), "half");
        // A hash without its image: killed between the two.
        Files.writeString(boot.resolve("root.squashfs.sha256"), "0".repeat(64) + "  root.squashfs\n");

        BootImage image = images(Host.real()).get(generation);
        long begun = events.stream().filter(Event.StepStarted.class::isInstance).count();
        assertThat(images(Host.real()).get(generation)).isEqualTo(image);
        assertThat(images(Host.real()).planned(generation)).isEqualTo(image);

        assertThat(events.stream().filter(Event.StepStarted.class::isInstance).count())
                .isEqualTo(begun)
                .isEqualTo(1);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(boot, ".*")) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whatCannotBeIsSaidBeforeAnythingIsDone() throws IOException {
        Generation old = state.publish("old");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> images(Host.real()).planned(old))
                .withMessageContaining("made by an older nbroot")
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT));

        Generation generation = generation("bookworm", false);
        Path bare = Files.createDirectories(temporary.resolve("bare/proc/self"));
        Files.writeString(bare.resolve("status"), "Uid:\t0\t0\t0\t0\n");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> images(new Host(temporary.resolve("bare"))).get(generation))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.HOST);
                    assertThat(failure.hint()).isEqualTo("apt-get install squashfs-tools");
                });
        assertThat(generation.kernel().resolveSibling("root.squashfs")).doesNotExist();
    }

    @Test
    void aFullDiskIsSaidAndLeavesNothing() throws IOException {
        Generation generation = generation("bookworm", false);
        Path random = generation.tree().resolve("random");
        run(temporary, "dd", "if=/dev/urandom", "of=" + random, "bs=1M", "count=4", "status=none");
        Path boot = generation.kernel().getParent();
        run(temporary, "mount", "-t", "tmpfs", "-o", "size=1M", "nbroot-test", boot.toString());
        try {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> images(Host.real()).get(generation))
                    .withMessageContaining("the disk is full");
            try (DirectoryStream<Path> left = Files.newDirectoryStream(boot)) {
                assertThat(left).isEmpty();
            }
        } finally {
            run(temporary, "umount", boot.toString());
        }
    }
}
