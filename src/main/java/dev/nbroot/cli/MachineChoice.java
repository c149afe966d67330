package dev.nbroot.cli;

import dev.nbroot.state.SharedTree;
import picocli.CommandLine.Option;

/** Whose view a command is about: a machine's, or the shared one of a root. */
final class MachineChoice {
    @Option(names = "--mac", paramLabel = "MAC", description = "The machine.")
    private String mac;

    @Option(
            names = "--shared",
            paramLabel = "NAME",
            description = "Instead of a machine: the tree that the machines of this root take turns with.")
    private String root;

    /** {@return what stands for it in requests} */
    String text() {
        return root == null ? mac : SharedTree.spoken(root);
    }
}
