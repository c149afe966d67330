package dev.nbroot.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.AtomicFile;
import dev.nbroot.system.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Reads and writes the small files of the state directory: manifest.json, client.yaml, stage.yaml. */
public final class StateFiles {
    private static final String HTTP_PORT = "http_port";
    private static final String NO_HTTP = "none";
    private static final String PUBLIC = "rw-r--r--";

    private final StateDirectory state;
    private final ObjectMapper json = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private final ObjectMapper yaml = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();

    /** Works on the files of one state directory. */
    public StateFiles(StateDirectory state) {
        this.state = state;
    }

    /** {@return the manifest of a generation} */
    public Manifest manifest(Generation generation) {
        return read(generation.manifest(), json, Manifest.class);
    }

    /** Writes a manifest into a generation that is being made. */
    public void write(Path file, Manifest manifest) {
        AtomicFile.write(file, text(json, manifest) + "\n", PUBLIC);
    }

    /** {@return what {@code stage} was last asked for} */
    public Optional<StageSettings> stageSettings() {
        if (!Files.exists(state.stageFile())) {
            return Optional.empty();
        }
        Map<?, ?> map = read(state.stageFile(), yaml, Map.class);
        return Optional.of(new StageSettings(
                Path.of(text(map, "tftp", state.stageFile())),
                text(map, "server", state.stageFile()),
                map.get("roots") instanceof List<?> list
                        ? list.stream().map(String::valueOf).toList()
                        : List.of(),
                Optional.ofNullable(map.get("default")).map(String::valueOf),
                map.containsKey("nfs_port")
                        ? number(map, "nfs_port", state.stageFile())
                        : StageSettings.STANDARD_NFS_PORT,
                httpPort(map)));
    }

    private OptionalInt httpPort(Map<?, ?> map) {
        if (!map.containsKey(HTTP_PORT)) {
            return OptionalInt.of(StageSettings.STANDARD_HTTP_PORT);
        }
        return map.get(HTTP_PORT).equals(NO_HTTP)
                ? OptionalInt.empty()
                : OptionalInt.of(number(map, HTTP_PORT, state.stageFile()));
    }

    /** Remembers what {@code stage} was asked for. */
    public void write(StageSettings settings) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("tftp", settings.tftp().toString());
        map.put("server", settings.server());
        map.put("roots", settings.roots());
        settings.defaultRoot().ifPresent(root -> map.put("default", root));
        if (settings.nfsPort() != StageSettings.STANDARD_NFS_PORT) {
            map.put("nfs_port", settings.nfsPort());
        }
        if (!settings.httpPort().equals(OptionalInt.of(StageSettings.STANDARD_HTTP_PORT))) {
            map.put(
                    HTTP_PORT,
                    settings.httpPort().isPresent() ? settings.httpPort().getAsInt() : NO_HTTP);
        }
        AtomicFile.write(state.stageFile(), text(yaml, map), PUBLIC);
    }

    /** {@return the record of one client} */
    public Optional<ClientRecord> client(MacAddress mac) {
        Path file = state.client(mac).resolve("client.yaml");
        return Files.exists(file) ? Optional.of(readClient(file)) : Optional.empty();
    }

    /** {@return all clients, sorted by MAC} */
    public List<ClientRecord> clients() {
        return clientFiles().stream().map(this::client).toList();
    }

    /** {@return the files of all clients, sorted by MAC; what is in them has not been looked at} */
    public List<Path> clientFiles() {
        if (!Files.isDirectory(state.clients())) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(state.clients())) {
            // A dot marks a client that is being made, or was when nbroot was killed.
            return entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .map(entry -> entry.resolve("client.yaml"))
                    // Not Files::exists, which is also false for what may not be looked at.
                    .filter(file -> !Files.notExists(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw Failure.io("list", state.clients(), e);
        }
    }

    /**
     * {@return the client that a file describes}
     *
     * @param file one of {@link #clientFiles}
     * @throws Failure of kind {@code INVALID_INPUT} when it cannot be understood
     */
    public ClientRecord client(Path file) {
        return readClient(file);
    }

    /**
     * Writes a client's record.
     *
     * @param directory the client's directory, which may still be a temporary one
     */
    public void write(Path directory, ClientRecord client) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("mac", client.mac().colons());
        map.put("root", client.root());
        map.put("generation", client.generation());
        map.put("hostname", client.hostname());
        map.put("machine_id", client.machineId());
        map.put("mode", client.mode().word());
        client.address().ifPresent(address -> map.put("address", address));
        client.prefix().ifPresent(prefix -> map.put("prefix", prefix));
        map.put("created", client.created());
        AtomicFile.write(directory.resolve("client.yaml"), text(yaml, map), PUBLIC);
    }

    /** {@return the kernel of its own that a client boots} Absent too when it was taken from a view that is no more. */
    public Optional<ClientKernel> kernel(ClientRecord client) {
        Path file = kernelFile(client);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<?, ?> map = read(file, yaml, Map.class);
        ClientKernel kernel = new ClientKernel(
                text(map, "version", file),
                text(map, "vmlinuz", file),
                text(map, "initrd", file),
                text(map, "stamp", file),
                text(map, "view", file));
        return Optional.of(kernel).filter(one -> one.view().equals(client.created()));
    }

    /** Lets a client boot a kernel of its own, or its generation's again. */
    public void write(ClientRecord client, Optional<ClientKernel> kernel) {
        if (kernel.isEmpty()) {
            try {
                Files.deleteIfExists(kernelFile(client));
            } catch (IOException e) {
                throw Failure.io("delete", kernelFile(client), e);
            }
            return;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("version", kernel.get().version());
        map.put("vmlinuz", kernel.get().vmlinuz());
        map.put("initrd", kernel.get().initrd());
        map.put("stamp", kernel.get().stamp());
        map.put("view", kernel.get().view());
        AtomicFile.write(kernelFile(client), text(yaml, map), PUBLIC);
    }

    private Path kernelFile(ClientRecord client) {
        return state.client(client.mac()).resolve("kernel.yaml");
    }

    private ClientRecord readClient(Path file) {
        Map<?, ?> map = read(file, yaml, Map.class);
        try {
            ClientMode mode = ClientMode.valueOf(text(map, "mode", file).toUpperCase(java.util.Locale.ROOT));
            return new ClientRecord(
                    mode == ClientMode.SHARED
                            ? SharedTree.card(text(map, "root", file))
                            : MacAddress.parse(text(map, "mac", file)),
                    text(map, "root", file),
                    number(map, "generation", file),
                    text(map, "hostname", file),
                    text(map, "machine_id", file),
                    mode,
                    Optional.ofNullable(map.get("address")).map(String::valueOf),
                    map.containsKey("prefix") ? OptionalInt.of(number(map, "prefix", file)) : OptionalInt.empty(),
                    text(map, "created", file));
        } catch (IllegalArgumentException e) {
            throw damaged(file, e.getMessage());
        }
    }

    private static String text(Map<?, ?> map, String key, Path file) {
        Object value = map.get(key);
        if (value == null) {
            throw damaged(file, "it has no '" + key + "'");
        }
        return String.valueOf(value);
    }

    private static int number(Map<?, ?> map, String key, Path file) {
        String text = text(map, key, file);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw damaged(file, "'" + key + "' is not a number: " + text);
        }
    }

    private static <T> T read(Path file, ObjectMapper mapper, Class<T> type) {
        try {
            return mapper.readValue(Files.readString(file), type);
        } catch (JsonProcessingException e) {
            throw damaged(file, e.getOriginalMessage());
        } catch (IOException e) {
            throw Failure.io("read", file, e);
        }
    }

    private static Failure damaged(Path file, String why) {
        return Failure.of(
                FailureKind.INVALID_INPUT,
                file + " cannot be understood: " + why,
                "mend the file by hand, or make it again with the command that wrote it");
    }

    private static String text(ObjectMapper mapper, Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a state file's value cannot be written", e);
        }
    }
}
