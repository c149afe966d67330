package dev.nbroot.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The schema says about profiles what the decoders say, as far as a schema can: judged by a validator and a YAML reader that
 * are not ours.
 */
class ProfileSchemaTest {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Path BAD = RESOURCES.resolve("bad-profiles");

    /**
     * Bad profiles whose fault no schema can see: it lies in more than one value, in another file, on the command line, in
     * what the world has (files, zones, accounts), or inside a text. The schema must take them, so none is here for nothing.
     */
    private static final Set<String> BEYOND_A_SCHEMA = Set.of(
            // between values
            "apt-source-same-file",
            "apt-source-signed-by-and-key",
            "autologin-twice",
            "autologin-two-users",
            "file-not-base64",
            "file-not-gzip",
            "file-path-double",
            "hook-setup-chroot",
            "nobody-lock-passwd",
            "nobody-locked",
            "nobody-no-users",
            "nobody-nologin-shell",
            "nobody-root-locked",
            "package-removes-nothing",
            "persist-inside",
            "persist-twice",
            "scratch-directories-inside",
            "scratch-directories-none",
            "scratch-disk-size",
            "scratch-image-percent",
            "scratch-label-of-tmpfs",
            "service-contradiction",
            "user-lock-false-without-passwd",
            "user-twice",
            "user-uid-twice",
            // in other files, or how they are laid over each other
            "include-broken-part",
            "include-directory",
            "include-loop",
            "include-missing",
            "include-of-itself",
            "include-removes-misspelt",
            "include-user-twice",
            // on the command line
            "set-bad-value",
            "set-broken-yaml",
            "set-include",
            "set-list-index",
            "set-no-equals",
            "set-not-a-path",
            "set-secret-not-shown",
            "set-through-text",
            "set-unknown-key",
            // in what there is
            "kernel-missing-file",
            "key-file-directory",
            "key-file-empty",
            "key-file-garbage",
            "key-file-in-home",
            "key-file-missing",
            "key-file-private",
            "keyring-missing",
            "overlay-is-a-file",
            "overlay-missing",
            "snapshot-impossible",
            "timezone-misspelt",
            "user-root",
            "user-taken",
            // in the words of a line, or the bytes of a key
            "apt-source-name",
            "apt-source-no-components",
            "apt-source-option",
            "apt-source-trusted",
            "file-path-characters",
            "key-cut-off",
            "key-type-differs",
            // what YAML readers of editors let pass
            "type-date-for-text",
            "user-uid-octal",
            "yaml-binary",
            "yaml-tag");

    private static final JsonSchema WHOLE = schema(false);
    private static final JsonSchema PART = schema(true);

    private static JsonSchema schema(boolean part) {
        return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(ProfileSchema.text(part));
    }

    private static Set<ValidationMessage> complaints(JsonSchema schema, Path profile) throws IOException {
        YAMLMapper yaml = YAMLMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        return schema.validate(yaml.readTree(Files.readString(profile)));
    }

    private static List<Path> yaml(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void goodProfilesAreTaken() throws IOException {
        List<Path> profiles = new ArrayList<>(yaml(Path.of("profiles")));
        profiles.addAll(yaml(RESOURCES.resolve("good-profiles")));
        assertThat(profiles).hasSizeGreaterThanOrEqualTo(6);
        for (Path profile : profiles) {
            assertThat(complaints(WHOLE, profile)).as("%s", profile).isEmpty();
        }
    }

    @Test
    void partsAreTakenByTheSchemaForParts() throws IOException {
        List<Path> parts = yaml(Path.of("profiles/base"));
        assertThat(parts).hasSizeGreaterThanOrEqualTo(2);
        for (Path part : parts) {
            assertThat(complaints(PART, part)).as("%s", part).isEmpty();
            assertThat(complaints(WHOLE, part)).as("%s alone", part).isNotEmpty();
        }
    }

    @TestFactory
    Stream<DynamicTest> badProfilesAreRefusedUnlessNoSchemaCanSeeTheFault() throws IOException {
        return yaml(BAD).stream().map(profile -> {
            String name = profile.getFileName().toString().replace(".yaml", "");
            return DynamicTest.dynamicTest(
                    name,
                    () -> assertThat(refused(profile))
                            .as("%s is refused by the schema", name)
                            .isEqualTo(!BEYOND_A_SCHEMA.contains(name)));
        });
    }

    private static boolean refused(Path profile) throws IOException {
        try {
            return !complaints(WHOLE, profile).isEmpty();
        } catch (JacksonException | MalformedInputException notYaml) {
            return true;
        }
    }

    @Test
    void whatIsBeyondASchemaExists() throws IOException {
        List<String> names = yaml(BAD).stream()
                .map(file -> file.getFileName().toString().replace(".yaml", ""))
                .toList();
        assertThat(names).containsAll(BEYOND_A_SCHEMA);
    }

    /** The canonical tree is written by hand from the records: a key that is decoded but has no form would be missing. */
    @Test
    void everyKeyOfAFullProfileIsInTheSchema() throws IOException {
        JsonNode schema = new ObjectMapper().readTree(ProfileSchema.text(false));
        Set<String> used = new TreeSet<>();
        for (Path profile : yaml(RESOURCES.resolve("good-profiles"))) {
            collect(new YAMLMapper().readTree(profile.toFile()), "", used);
        }
        Set<String> known = new TreeSet<>();
        describe(schema, "", known);
        known.remove("include[]");
        assertThat(used).as("the good profiles use every key").containsAll(known);
        assertThat(known).as("the schema knows every key").containsAll(used);
    }

    /** The manual's listing is a profile that uses every key, so that none goes undocumented. */
    @Test
    void theManualHasEveryKey() throws IOException {
        String manual = Files.readString(Path.of("src/docs/manual.md"));
        String listing = manual.substring(manual.indexOf("### Every key"));
        listing = listing.substring(listing.indexOf("```yaml") + "```yaml".length());
        JsonNode profile = new YAMLMapper().readTree(listing.substring(0, listing.indexOf("\n```")));
        Set<String> used = new TreeSet<>();
        collect(profile, "", used);
        Set<String> known = new TreeSet<>();
        describe(new ObjectMapper().readTree(ProfileSchema.text(false)), "", known);
        // Every phase of hooks takes the same maps, one example is enough.
        known.removeIf(key -> key.matches("hooks\\.(setup|essential|cleanup)\\[]\\..*"));
        assertThat(used).containsAll(known);
        assertThat(known).containsAll(used);
    }

    private static void collect(JsonNode value, String path, Set<String> into) {
        if (value.isObject()) {
            value.properties().forEach(entry -> {
                boolean named = path.equals("apt.sources") || path.equals("apt.debconf_selections");
                String inner = (path.isEmpty() ? "" : path + ".") + (named ? "*" : entry.getKey());
                into.add(inner);
                collect(entry.getValue(), inner, into);
            });
        } else if (value.isArray()) {
            value.forEach(item -> collect(item, path + "[]", into));
        }
    }

    private static void describe(JsonNode schema, String path, Set<String> into) {
        schema.path("properties").properties().forEach(entry -> {
            String inner = (path.isEmpty() ? "" : path + ".") + entry.getKey();
            into.add(inner);
            assertThat(entry.getValue().path("description").asText())
                    .as(inner)
                    .isNotBlank()
                    .endsWith(".");
            describe(entry.getValue(), inner, into);
        });
        if (schema.path("additionalProperties").isObject()) {
            into.add(path + ".*");
            describe(schema.path("additionalProperties"), path + ".*", into);
        }
        if (schema.has("items")) {
            describe(schema.path("items"), path + "[]", into);
        }
        schema.path("anyOf").forEach(one -> describe(one, path, into));
    }

    @Test
    void everyMapIsClosed() throws IOException {
        JsonNode schema = new ObjectMapper().readTree(ProfileSchema.text(false));
        List<JsonNode> maps = new ArrayList<>();
        maps(schema, maps);
        assertThat(maps)
                .hasSizeGreaterThan(15)
                .allMatch(map -> map.path("additionalProperties").isBoolean());
    }

    private static void maps(JsonNode schema, List<JsonNode> into) {
        if (schema.path("type").toString().contains("object") && schema.has("properties")) {
            into.add(schema);
        }
        schema.forEach(inner -> maps(inner, into));
    }

    /** JSON Schema asks for ECMA 262's dialect, which has no POSIX classes, inline flags or possessive quantifiers. */
    @Test
    void patternsAreOfTheDialectThatBothKnow() throws IOException {
        JsonNode schema = new ObjectMapper().readTree(ProfileSchema.text(false));
        List<String> patterns =
                schema.findValues("pattern").stream().map(JsonNode::asText).toList();
        assertThat(patterns).hasSizeGreaterThan(30).allSatisfy(pattern -> {
            assertThat(pattern)
                    .startsWith("^")
                    .endsWith("$")
                    .doesNotContain("\\p{", "(?<", "(?i", "(?s", "(?m", "++", "*+", "\\Q");
            Pattern.compile(pattern);
        });
    }

    @Test
    void anIncludingProfileMayLeaveTheRestToItsIncludes() throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        assertThat(WHOLE.validate(yaml.readTree("include: [a.yaml]\n"))).isEmpty();
        assertThat(WHOLE.validate(yaml.readTree("include: [a.yaml]\nusers: [{gecos: Ada}]\n")))
                .isNotEmpty();
        assertThat(WHOLE.validate(yaml.readTree("name: a\n"))).isNotEmpty();
        assertThat(PART.validate(yaml.readTree("bootstrap: {components: [main]}\n")))
                .isEmpty();
    }
}
