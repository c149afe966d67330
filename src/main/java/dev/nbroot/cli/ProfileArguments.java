package dev.nbroot.cli;

import dev.nbroot.command.ProfileRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The words that commands about a profile share. */
final class ProfileArguments {
    @Parameters(paramLabel = "PROFILE.yaml", description = "The profile.")
    private Path profile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override a value of the profile, as in bootstrap.suite=trixie.")
    private List<String> sets = new ArrayList<>();

    ProfileRequest request() {
        return new ProfileRequest(profile, sets);
    }
}
