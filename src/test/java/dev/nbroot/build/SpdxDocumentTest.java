package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpdxDocumentTest {
    private static final String STATUS = """
            Package: libstdc++6
            Status: install ok installed
            Maintainer: Debian GCC Maintainers <debian-gcc@lists.debian.example.org>
            Architecture: amd64
            Multi-Arch: same
            Source: gcc-12
            Version: 12.2.0-14+deb12u1
            Description: GNU Standard C++ Library v3
             More text.
            Homepage: http://gcc.example.org/

            Package: libstdc++6
            Status: install ok installed
            Maintainer: Debian GCC Maintainers <debian-gcc@lists.debian.example.org>
            Architecture: i386
            Multi-Arch: same
            Source: gcc-12
            Version: 12.2.0-14+deb12u1

            Package: libstdcplusplus6
            Status: install ok installed
            Maintainer: "Jane Q. Doe, Jr." <jane@example.org>
            Original-Maintainer: John (the first) <john@example.org>
            Architecture: amd64
            Version: 1:2.0~rc1-1
            Homepage: none yet

            Package: base
            Status: install ok installed
            Architecture: all
            Version: 1

            Package: gone
            Status: deinstall ok config-files
            Architecture: all
            Version: 1
            """;

    private static final String SHA256 = "0123456789abcdef".repeat(4);

    private static SpdxDocument.Facts facts(Map<String, SpdxDocument.Origin> origins) {
        return new SpdxDocument.Facts(
                "bookworm", "debian", "bookworm", "0.1.0", Instant.parse("2023-11-14T22:13:20.123456789Z"), origins);
    }

    private static byte[] bytes(Map<String, SpdxDocument.Origin> origins) {
        return SpdxDocument.of(DpkgDatabase.parse(STATUS), facts(origins));
    }

    private static JsonNode document(Map<String, SpdxDocument.Origin> origins) throws IOException {
        return new ObjectMapper().readTree(bytes(origins));
    }

    private static JsonNode one(JsonNode document, String id) {
        return StreamSupport.stream(document.get("packages").spliterator(), false)
                .filter(node -> node.get("SPDXID").textValue().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> relationships(JsonNode document) {
        List<String> lines = new ArrayList<>();
        document.get("relationships")
                .forEach(node -> lines.add(node.get("spdxElementId").textValue() + " "
                        + node.get("relationshipType").textValue() + " "
                        + node.get("relatedSpdxElement").textValue()));
        return lines;
    }

    @Test
    void itIsValid() throws IOException {
        SpdxRules.check(document(Map.of()));
        SpdxRules.check(document(Map.of(
                "libstdc++6:amd64",
                new SpdxDocument.Origin(SHA256, "http://mirror.example.org/debian/pool/libstdc++6_12_amd64.deb"))));
    }

    @Test
    void aTreeWithoutPackagesHasABillToo(@TempDir Path tree) throws IOException {
        JsonNode document = new ObjectMapper().readTree(SpdxDocument.of(tree, facts(Map.of())));
        SpdxRules.check(document);
        assertThat(document.get("packages")).hasSize(1);
    }

    @Test
    void itIsReadFromATree(@TempDir Path tree) throws IOException {
        Files.createDirectories(tree.resolve("var/lib/dpkg"));
        Files.writeString(tree.resolve("var/lib/dpkg/status"), STATUS);
        assertThat(SpdxDocument.of(tree, facts(Map.of()))).isEqualTo(bytes(Map.of()));
    }

    @Test
    void whatIsKnownOfAPackageIsThere() throws IOException {
        JsonNode one = one(
                document(Map.of(
                        "libstdc++6:amd64",
                        new SpdxDocument.Origin(
                                SHA256, "https://user:secret@mirror.example.org/debian/pool/libstdc++6.deb"))),
                "SPDXRef-Package-libstdcplusplus6-amd64");
        assertThat(one.get("name").textValue()).isEqualTo("libstdc++6");
        assertThat(one.get("versionInfo").textValue()).isEqualTo("12.2.0-14+deb12u1");
        assertThat(one.get("supplier").textValue())
                .isEqualTo("Organization: Debian GCC Maintainers (debian-gcc@lists.debian.example.org)");
        assertThat(one.get("originator").textValue()).isEqualTo("NOASSERTION");
        assertThat(one.get("downloadLocation").textValue())
                .isEqualTo("https://mirror.example.org/debian/pool/libstdc++6.deb");
        assertThat(one.get("checksums").get(0).get("checksumValue").textValue()).isEqualTo(SHA256);
        assertThat(one.get("homepage").textValue()).isEqualTo("http://gcc.example.org/");
        assertThat(one.get("summary").textValue()).isEqualTo("GNU Standard C++ Library v3");
        assertThat(one.get("externalRefs").get(0).get("referenceLocator").textValue())
                .isEqualTo("pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64&distro=bookworm");
    }

    @Test
    void twoArchitecturesComeFromOneSource() throws IOException {
        assertThat(relationships(document(Map.of())))
                .contains(
                        "SPDXRef-DOCUMENT DESCRIBES SPDXRef-Root",
                        "SPDXRef-Root CONTAINS SPDXRef-Package-libstdcplusplus6-i386",
                        "SPDXRef-Package-libstdcplusplus6-amd64 GENERATED_FROM SPDXRef-Source-gcc-12-12.2.0-14plusdeb12u1",
                        "SPDXRef-Package-libstdcplusplus6-i386 GENERATED_FROM SPDXRef-Source-gcc-12-12.2.0-14plusdeb12u1")
                .hasSize(1 + 2 * 4);
    }

    /** A plus is spelt out in an id, which could make it another package's. */
    @Test
    void idsStayUnique() throws IOException {
        JsonNode other = one(document(Map.of()), "SPDXRef-Package-libstdcplusplus6-amd64-2");
        assertThat(other.get("name").textValue()).isEqualTo("libstdcplusplus6");
        assertThat(other.get("supplier").textValue()).isEqualTo("Person: Jane Q. Doe, Jr. (jane@example.org)");
        assertThat(other.get("originator").textValue()).isEqualTo("Person: John [the first] (john@example.org)");
        assertThat(other.has("homepage")).isFalse();
    }

    @Test
    void theSameFactsGiveTheSameBytes() throws IOException {
        Map<String, SpdxDocument.Origin> origins = new HashMap<>();
        for (int i = 0; i < 50; i++) {
            origins.put("other" + i + ":amd64", new SpdxDocument.Origin(SHA256, ""));
        }
        assertThat(bytes(origins)).isEqualTo(bytes(Map.of()));
        assertThat(new String(bytes(Map.of()), StandardCharsets.UTF_8)).contains("2023-11-14T22:13:20Z");
    }

    @Test
    void anotherBillHasAnotherNamespace() throws IOException {
        String mine = document(Map.of()).get("documentNamespace").textValue();
        String other = document(Map.of("base:all", new SpdxDocument.Origin(SHA256, "")))
                .get("documentNamespace")
                .textValue();
        assertThat(mine)
                .matches("https://spdx\\.org/spdxdocs/bookworm-"
                        + "[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
                .isNotEqualTo(other);
    }

    @ParameterizedTest
    @CsvSource({
        "'Debian Kernel Team <debian-kernel@lists.example.org>', Organization: Debian Kernel Team (debian-kernel@lists.example.org)",
        "'Sudo <sudo@packages.example.org>', Organization: Sudo (sudo@packages.example.org)",
        "'Ada L. <ada@example.org>', Person: Ada L. (ada@example.org)",
        "'Ada L. <ada@example.org>, Bob <bob@example.org>', Person: Ada L. (ada@example.org)",
        "'<ada@example.org>', NOASSERTION",
        "'Ada', NOASSERTION",
        "'', NOASSERTION",
    })
    void maintainersBecomeAgents(String maintainer, String agent) {
        assertThat(SpdxText.agent(Optional.of(maintainer))).isEqualTo(agent);
    }

    @ParameterizedTest
    @CsvSource({
        "http://mirror.example.org/debian/a.deb, http://mirror.example.org/debian/a.deb",
        "https://u:p@mirror.example.org/a.deb, https://mirror.example.org/a.deb",
        "file:/srv/debian/a.deb, NOASSERTION",
        "'', NOASSERTION",
        "not an address, NOASSERTION",
    })
    void onlyTheWebIsALocation(String uri, String location) {
        assertThat(SpdxText.location(uri)).isEqualTo(location);
    }
}
