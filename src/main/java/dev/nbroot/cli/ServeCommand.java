package dev.nbroot.cli;

import dev.nbroot.command.ServeRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nbroot serve}. */
@Command(name = "serve", description = "Serve boot trees and roots by TFTP, HTTP and NFS until SIGINT or SIGTERM.")
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

    @Option(
            names = "--http-port",
            paramLabel = "N|off",
            converter = HttpPort.Converter.class,
            description = "Where the boot tree is served by HTTP too (default: 80, if it is free).")
    private HttpPort httpPort;

    @Option(names = "--nfs-port", paramLabel = "N", defaultValue = "2049", description = "Default: ${DEFAULT-VALUE}.")
    private int nfsPort;

    @Option(
            names = "--portmap-port",
            paramLabel = "N",
            defaultValue = "111",
            description = "Where boot loaders ask for the NFS port; they know no other (default: ${DEFAULT-VALUE}).")
    private int portmapPort;

    @Option(
            names = "--export",
            paramLabel = "WHAT=WHO[,WHO…][,OPTION…]",
            description = {
                "Who may use what over NFS; may be given many times.",
                "WHAT: roots, a root's name, a client's MAC (its view) or a directory.",
                "WHO: 192.168.1.7, 192.168.1.0/24 or 52:54:00:12:34:56.",
                "OPTION: ro (default) or rw; root_squash (default for directories), no_root_squash or all_squash;"
                        + " anonuid=N, anongid=N; secure; sync.",
                "Without a rule about it a root may be read from the networks of --address; a view is always its"
                        + " own machine's."
            })
    private List<String> exports = List.of();

    ServeCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() {
        ServeRequest request = new ServeRequest(
                address,
                Optional.ofNullable(tftp),
                tftpPort,
                tftpOptions.options(),
                http(),
                nfsPort,
                portmapPort,
                exports);
        return runner.stream(useCases -> useCases.serveClients().run(request));
    }

    private OptionalInt http() {
        return httpPort == null
                ? OptionalInt.empty()
                : OptionalInt.of(httpPort.number().orElse(ServeRequest.NO_HTTP));
    }
}
