package dev.nbroot.cli;

import picocli.CommandLine.Option;

/** Whose view a command is about: a machine's, or the shared one of a root. */
final class MachineChoice {
    /** As dev.nbroot.command takes it. */
    private static final String SHARED = "shared:";

    @Option(names = "--mac", paramLabel = "MAC", description = "The machine.")
    private String mac;

    @Option(
            names = "--shared",
            paramLabel = "NAME",
            description = "Instead of a machine: the tree that the machines of this root take turns with.")
    private String root;

    /** {@return what stands for it in requests} */
    String text() {
        return root == null ? mac : SHARED + root;
    }
}
