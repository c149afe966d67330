package dev.nbroot.build;

import dev.nbroot.profile.Scratch;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What gives directories of a running machine something else to lie on than its NFS root. */
final class ScratchFiles {
    private static final String SCRIPT = "/usr/lib/nbroot/scratch";

    private ScratchFiles() {}

    /** {@return the unit and the script that it runs} */
    static List<TreeFile> of(Scratch scratch) {
        String words = Stream.concat(
                        Stream.of(SCRIPT, scratch.store().word(), argument(scratch.store())),
                        scratch.directories().stream().map(Object::toString))
                .map(ScratchFiles::word)
                .collect(Collectors.joining(" "));
        return List.of(
                new TreeFile(SCRIPT, Resource.text("root/scratch"), 0755),
                TreeFile.of(
                        "/etc/systemd/system/nbroot-scratch.service",
                        Resource.text("root/nbroot-scratch.service").replace("@COMMAND@", words)));
    }

    private static String argument(Scratch.Store store) {
        if (store instanceof Scratch.Memory memory) {
            return memory.size().toString();
        }
        return store instanceof Scratch.Image image ? image.size().toString() : ((Scratch.Disk) store).label();
    }

    /** systemd.service(5), "Command lines": specifiers begin with a percent sign. */
    private static String word(String word) {
        return word.replace("%", "%%");
    }

    /** {@return what the script needs in the root: the programs for ext4; memory needs none} */
    static List<String> packages(Scratch scratch) {
        return scratch.store() instanceof Scratch.Memory ? List.of() : List.of("e2fsprogs");
    }
}
