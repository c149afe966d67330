package dev.nbroot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JVM's options that the launcher gives {@code nbroot serve}, for servers that benchmarks start. */
public final class ServeOptions {
    private static final Path LAUNCHER = Path.of("src/main/launcher/nbroot.sh");
    private static final Pattern OPTIONS = Pattern.compile("serve \\]; then tiers=\"([^\"]*)\"");

    private ServeOptions() {}

    /** {@return the options, one word each} */
    public static List<String> ofTheLauncher() throws IOException {
        Matcher options = OPTIONS.matcher(Files.readString(LAUNCHER));
        if (!options.find()) {
            throw new AssertionError("the launcher has no options for serve");
        }
        return List.of(options.group(1).split(" "));
    }
}
