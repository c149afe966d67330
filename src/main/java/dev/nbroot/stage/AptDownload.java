package dev.nbroot.stage;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.TreePath;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches packages from a generation's own sources with the host's apt, which checks the archive's signature and every
 * hash. Neither the host's package lists nor the generation are touched: all state lies in a directory of its own.
 */
final class AptDownload {
    /** A key in a deb822 source or in the brackets of a one-line one; an absolute path (sources.list(5)). */
    private static final Pattern KEY =
            Pattern.compile("((?:^Signed-By:|[\\[ ]signed-by=)\\s*)(/[^\\s\\],]+)", Pattern.MULTILINE);

    private final Commands commands;
    private final StagedGeneration generation;
    private final Path work;
    private final Consumer<String> progress;

    /**
     * Prepares.
     *
     * @param work an empty directory; receives the packages
     * @param progress is told what is being done
     */
    AptDownload(Commands commands, StagedGeneration generation, Path work, Consumer<String> progress) {
        this.commands = commands;
        this.generation = generation;
        this.work = work;
        this.progress = progress;
    }

    /**
     * {@return the fetched files, in the order asked for, all of one version}
     *
     * @throws Failure of kind {@code COMMAND} when apt fails, which it also does at a wrong signature or hash
     */
    List<Path> fetch(List<String> packages) throws IOException {
        for (String directory : List.of("lists/partial", "archives/partial", "sources.list.d")) {
            Files.createDirectories(work.resolve(directory));
        }
        Files.createFile(work.resolve("status"));
        copySources();
        Path configuration = Files.writeString(work.resolve("apt.conf"), configuration());
        progress.accept("fetching the package lists");
        commands.run(apt(configuration, List.of("update", "--quiet", "--error-on=any")));
        List<String> download = new ArrayList<>(List.of("download", "--quiet"));
        download.addAll(packages);
        progress.accept("fetching " + String.join(" and ", packages));
        commands.run(apt(configuration, download));
        List<Path> files = new ArrayList<>();
        List<String> versions = new ArrayList<>();
        for (String name : packages) {
            Path file = downloaded(name);
            files.add(file);
            versions.add(file.getFileName().toString().split("_")[1]);
        }
        if (versions.stream().distinct().count() != 1) {
            throw Failure.of(
                    FailureKind.FAILED,
                    "the packages " + String.join(" and ", packages) + " are of different versions, "
                            + String.join(" and ", versions),
                    "");
        }
        return files;
    }

    private Invocation apt(Path configuration, List<String> words) {
        List<String> argv = new ArrayList<>(List.of("apt-get"));
        argv.addAll(words);
        // Read before the host's configuration, so that it can keep that out (apt.conf(5)).
        return Invocation.of(argv).in(work).with("APT_CONFIG", configuration.toString());
    }

    private Path downloaded(String name) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(work, name + "_*.deb")) {
            for (Path file : found) {
                return file;
            }
        }
        throw new IOException("apt-get fetched no " + name);
    }

    private String configuration() {
        String architecture = generation.manifest().architecture();
        return String.join(
                "\n",
                "Dir::Etc::Main \"/dev/null\";",
                "Dir::Etc::Parts \"/dev/null\";",
                "Dir::Etc::SourceList \"" + work.resolve("sources.list") + "\";",
                "Dir::Etc::SourceParts \"" + work.resolve("sources.list.d") + "\";",
                "Dir::Etc::Trusted \"/dev/null\";",
                "Dir::Etc::TrustedParts \"" + TreePath.resolve(tree(), Path.of("/etc/apt/trusted.gpg.d")) + "\";",
                "Dir::State::Lists \"" + work.resolve("lists") + "\";",
                "Dir::State::status \"" + work.resolve("status") + "\";",
                "Dir::Cache \"" + work + "\";",
                "Dir::Cache::Archives \"" + work.resolve("archives") + "\";",
                "APT::Architecture \"" + architecture + "\";",
                "APT::Architectures \"" + architecture + "\";",
                // apt's unprivileged user could not write into our directory.
                "APT::Sandbox::User \"root\";",
                "Acquire::Languages \"none\";",
                "Acquire::AllowInsecureRepositories \"false\";",
                "APT::Get::AllowUnauthenticated \"false\";",
                hostSettings(),
                "");
    }

    /** How this host reaches archives, and how old they may be, is all that is wanted of its apt configuration. */
    private String hostSettings() {
        return commands.run(Invocation.of(
                        "apt-config",
                        "dump",
                        "Acquire::http::Proxy",
                        "Acquire::https::Proxy",
                        "Acquire::Check-Date",
                        "Acquire::Check-Valid-Until"))
                .text();
    }

    private void copySources() throws IOException {
        Path list = TreePath.resolve(tree(), Path.of("/etc/apt/sources.list"));
        Files.writeString(
                work.resolve("sources.list"), Files.exists(list) ? withKeysOfTree(Files.readString(list)) : "");
        Path parts = TreePath.resolve(tree(), Path.of("/etc/apt/sources.list.d"));
        if (Files.isDirectory(parts)) {
            try (DirectoryStream<Path> sources = Files.newDirectoryStream(parts, "*.{list,sources}")) {
                for (Path source : sources) {
                    Files.writeString(
                            work.resolve("sources.list.d").resolve(source.getFileName()),
                            withKeysOfTree(Files.readString(source)));
                }
            }
        }
    }

    /** The generation's sources name keys by its own paths. */
    private String withKeysOfTree(String source) {
        Matcher key = KEY.matcher(source);
        return key.replaceAll(found -> {
            Path inTree = TreePath.resolve(tree(), Path.of(found.group(2)));
            return Matcher.quoteReplacement(found.group(1) + (Files.exists(inTree) ? inTree : found.group(2)));
        });
    }

    private Path tree() {
        return generation.generation().tree();
    }
}
