package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The host's apt with a configuration, lists and a status file of its own: it knows nothing of the host's packages and
 * sources, and changes nothing there. It verifies signatures and hashes, resolves dependencies, and downloads.
 */
final class PrivateApt {
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    /** A slow line takes its time; a dead one is what StallWatch is for. */
    private static final Duration SLOW_LINE = Duration.ofHours(12);

    private final BuildSite site;
    private final Path directory;
    private final Path lists;

    /**
     * Works in two directories, which are made when absent.
     *
     * @param lists gets the package lists
     */
    PrivateApt(BuildSite site, Path directory, Path lists) {
        this.site = site;
        this.directory = directory;
        this.lists = lists;
    }

    /** {@return where the package lists are} */
    Path lists() {
        return lists;
    }

    /**
     * Sets it up.
     *
     * @param sources files for {@code /etc/apt}, as the root will have them
     * @param settings how it downloads
     */
    void configure(String architecture, List<TreeFile> sources, AptSettings settings) {
        try {
            for (String name : List.of("sources.list.d", "keyrings", "archives/partial", "empty")) {
                Files.createDirectories(directory.resolve(name));
            }
            Files.createDirectories(lists.resolve("partial"));
            for (TreeFile file : sources) {
                Files.writeString(here(file), moved(file.text(), sources), PackageIndex.CHARSET);
            }
            status("");
            Files.writeString(configuration(), """
                    APT::Architecture "%2$s";
                    APT::Architectures { "%2$s"; };
                    APT::Sandbox::User "root";
                    APT::Get::Assume-Yes "true";
                    Dir::Etc::main "/dev/null";
                    Dir::Etc::parts "/dev/null";
                    Dir::Etc::preferences "/dev/null";
                    Dir::Etc::preferencesparts "/dev/null";
                    Dir::Etc::sourcelist "/dev/null";
                    Dir::Etc::sourceparts "%1$s/sources.list.d";
                    Dir::Etc::trusted "/dev/null";
                    Dir::Etc::trustedparts "%1$s/empty";
                    Dir::State "%1$s";
                    Dir::State::lists "%3$s";
                    Dir::State::status "%1$s/status";
                    Dir::State::extended_states "%1$s/extended_states";
                    Dir::Cache "%1$s";
                    Dir::Cache::archives "%1$s/archives";
                    Acquire::GzipIndexes "false";
                    Acquire::ForceHash "SHA256";
                    """.formatted(directory, architecture, lists) + settings.transport());
        } catch (IOException e) {
            throw Failure.io("set up apt in", directory, e);
        }
    }

    private Path here(TreeFile file) {
        return directory.resolve(Path.of("/etc/apt").relativize(Path.of(file.path())));
    }

    /** Only the keys that come with the sources lie here; other paths are the host's own. */
    private String moved(String text, List<TreeFile> sources) {
        String moved = text;
        for (TreeFile file : sources) {
            if (file.path().startsWith(SourceFiles.KEYRINGS + "/")) {
                moved = moved.replace(file.path(), here(file).toString());
            }
        }
        return moved;
    }

    private Path configuration() {
        return directory.resolve("apt.conf");
    }

    /** Tells it which packages are there already: their stanzas, each with a Status field. */
    void status(String installed) {
        try {
            Files.writeString(directory.resolve("status"), installed, PackageIndex.CHARSET);
        } catch (IOException e) {
            throw Failure.io("write", directory.resolve("status"), e);
        }
    }

    /** Fetches the package lists that have changed, and verifies them. */
    void update() {
        StallWatch.over(
                lists.resolve("partial"),
                () -> "the package lists",
                () -> run(List.of("apt-get", "update", "--error-on=any"), SLOW_LINE));
    }

    /** {@return the package files that installing these packages takes, with what they need} */
    List<Deb> resolve(List<String> names, boolean recommends) {
        List<String> argv = new ArrayList<>(List.of(
                "apt-get",
                "install",
                "--print-uris",
                "--quiet",
                recommends ? "--install-recommends" : "--no-install-recommends"));
        argv.addAll(names);
        return Deb.parse(run(argv).lines());
    }

    /** Downloads package files, each under its apt's name, and verifies them. */
    void download(List<Deb> debs, Path into) {
        List<String> argv = new ArrayList<>(List.of("/usr/lib/apt/apt-helper", "download-file"));
        for (Deb deb : debs) {
            argv.addAll(List.of(deb.uri(), into.resolve(deb.fileName()).toString(), "SHA256:" + deb.sha256()));
        }
        run(argv, SLOW_LINE);
    }

    private Commands.Result run(List<String> argv) {
        return run(argv, PATIENCE);
    }

    private Commands.Result run(List<String> argv, Duration patience) {
        return site.run(Invocation.of(argv)
                .with("APT_CONFIG", configuration().toString())
                .within(patience));
    }
}
