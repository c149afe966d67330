package dev.nbroot.cli;

import dev.nbroot.command.ServeRequest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nbroot serve}. */
@Command(name = "serve", description = "Serve boot trees and roots by TFTP and NFS until SIGINT or SIGTERM.")
final class ServeCommand implements Callable<Integer> {
    private final CommandRunner runner;

    @Option(names = "--address", required = true, paramLabel = "IP", description = "The address to listen on.")
    private String address;

    @Option(names = "--tftp", paramLabel = "DIR", description = "The boot tree to serve by TFTP.")
    private Path tftp;

    @Option(names = "--tftp-port", paramLabel = "N", defaultValue = "69", description = "Default: ${DEFAULT-VALUE}.")
    private int tftpPort;

    @Mixin
    private TftpOptionsMixin tftpOptions;

    @Option(names = "--nfs-port", paramLabel = "N", defaultValue = "2049", description = "Default: ${DEFAULT-VALUE}.")
    private int nfsPort;

    @Option(
            names = "--portmap-port",
            paramLabel = "N",
            defaultValue = "111",
            description = "Where boot loaders ask for the NFS port; they know no other (default: ${DEFAULT-VALUE}).")
    private int portmapPort;

    ServeCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        ServeRequest request = new ServeRequest(
                address, Optional.ofNullable(tftp), tftpPort, tftpOptions.options(), nfsPort, portmapPort);
        return runner.stream(useCases -> useCases.serveClients().run(request));
    }
}
