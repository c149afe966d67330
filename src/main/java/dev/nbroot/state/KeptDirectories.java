package dev.nbroot.state;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nbroot.report.Failure;
import dev.nbroot.system.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directories of stateless clients that are kept on the server ({@code persist} in a profile), each in {@code
 * clients/MAC/persist/NAME}. The name is the path with {@code =} for each slash, so that a directory and one inside it,
 * which profiles may name one after the other, never lie inside each other here.
 */
public final class KeptDirectories {
    /** Begins the name of a directory that is being made, or is on its way out: no path's name begins so. */
    public static final String BEING_MADE = ".=";

    private static final String SLASH = "=";

    private final StateDirectory state;

    /** Finds those of one state directory. */
    public KeptDirectories(StateDirectory state) {
        this.state = state;
    }

    /** {@return what stateless clients of a generation keep: paths in the machine} */
    public static List<Path> wantedBy(Manifest manifest) {
        List<Path> paths = new ArrayList<>();
        if (manifest.profile() != null) {
            for (JsonNode path : manifest.profile().path("persist")) {
                paths.add(Path.of(path.asText()));
            }
        }
        return paths;
    }

    /** {@return the directory that has all those of a client; need not exist} */
    public Path top(MacAddress mac) {
        return state.client(mac).resolve("persist");
    }

    /**
     * {@return where a path is kept}
     *
     * @param path absolute, without {@code =}
     */
    public KeptDirectory of(MacAddress mac, Path path) {
        return new KeptDirectory(
                mac, path, top(mac).resolve(path.toString().substring(1).replace("/", SLASH)));
    }

    /**
     * {@return those that a client is to have and that do not exist}
     *
     * @param manifest of the generation that it boots
     */
    public List<KeptDirectory> missing(ClientRecord client, Manifest manifest) {
        return client.mode().hasView()
                ? List.of()
                : wantedBy(manifest).stream()
                        .map(path -> of(client.mac(), path))
                        .filter(kept -> !Files.isDirectory(kept.directory(), LinkOption.NOFOLLOW_LINKS))
                        .toList();
    }

    /** {@return those that exist, sorted by path} */
    public List<KeptDirectory> all(MacAddress mac) {
        Path top = top(mac);
        if (!Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(top)) {
            return entries.filter(entry -> !entry.getFileName().toString().startsWith(BEING_MADE))
                    .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .map(entry ->
                            of(mac, Path.of("/" + entry.getFileName().toString().replace(SLASH, "/"))))
                    .sorted((one, other) -> one.path().compareTo(other.path()))
                    .toList();
        } catch (IOException e) {
            throw Failure.io("list", top, e);
        }
    }
}
