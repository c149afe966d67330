package dev.nbroot.cli;

import dev.nbroot.command.TftpOptions;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code nbroot serve} for networks and firmware that want TFTP otherwise. */
final class TftpOptionsMixin {
    @Option(
            names = "--tftp-single-port",
            description = "Answer from the TFTP port itself, as containers and address translation need it.")
    private boolean singlePort;

    @Option(
            names = "--tftp-ports",
            paramLabel = "LOW-HIGH",
            description = "Answer from these UDP ports, for firewalls (default: any free port).")
    private String ports;

    @Option(
            names = "--tftp-max-blksize",
            paramLabel = "BYTES",
            defaultValue = "65464",
            description = "The largest block size to agree to, for firmware that asks for more than it can take "
                    + "(default: ${DEFAULT-VALUE}).")
    private int maxBlksize;

    @Option(
            names = "--tftp-ignore-case",
            description = "Find files whose names differ in case only, as Windows PE needs it.")
    private boolean ignoreCase;

    TftpOptions options() {
        return new TftpOptions(singlePort, Optional.ofNullable(ports), maxBlksize, ignoreCase);
    }
}
