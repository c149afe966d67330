package dev.nbroot.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nbroot.report.Failure;
import dev.nbroot.system.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A value in a JSON file of the cache, with a hash of what it says: a file that a full disk, a power cut or somebody's
 * hand has changed counts as none, whether it can still be read or not.
 */
final class CheckedJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HASH = "sha256";
    private static final String VALUE = "value";

    private CheckedJson() {}

    /** {@return the file's bytes for a record} */
    static byte[] bytes(Object value) {
        JsonNode node = JSON.valueToTree(value);
        ObjectNode whole = JSON.createObjectNode();
        whole.put(HASH, hash(node));
        whole.set(VALUE, node);
        try {
            return JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(whole);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record is JSON", e);
        }
    }

    /**
     * {@return what was written; absent when the file is missing or damaged}
     *
     * @throws Failure of kind {@code FAILED} when it cannot be read at all
     */
    static <T> Optional<T> read(Path file, Class<T> type) {
        try {
            JsonNode whole = JSON.readTree(Files.readAllBytes(file));
            JsonNode value = whole.path(VALUE);
            if (!whole.path(HASH).asText().equals(hash(value))) {
                return Optional.empty();
            }
            return Optional.of(JSON.treeToValue(value, type));
        } catch (NoSuchFileException | JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Failure.io("read", file, e);
        }
    }

    private static String hash(JsonNode node) {
        return Sha256.of(node.toString());
    }
}
