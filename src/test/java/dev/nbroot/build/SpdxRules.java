package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What SPDX 2.3 demands of a document in JSON: clauses 6, 7 and 11, and that nothing unknown is in it. */
final class SpdxRules {
    private static final Pattern ID = Pattern.compile("SPDXRef-[a-zA-Z0-9.-]+");
    private static final Pattern AGENT =
            Pattern.compile("(Person|Organization): [^()\\n]+ \\([^()\\s]+\\)|NOASSERTION");
    private static final Pattern PURL =
            Pattern.compile("pkg:deb/[a-z]+/[a-z0-9.%B-]+@[A-Za-z0-9.:~%-]+\\?arch=[a-z0-9-]+&distro=[a-z]+");
    private static final Set<String> DOCUMENT = Set.of(
            "spdxVersion",
            "dataLicense",
            "SPDXID",
            "name",
            "documentNamespace",
            "creationInfo",
            "packages",
            "relationships");
    private static final Set<String> PACKAGE = Set.of(
            "SPDXID",
            "name",
            "versionInfo",
            "supplier",
            "originator",
            "downloadLocation",
            "filesAnalyzed",
            "checksums",
            "homepage",
            "sourceInfo",
            "licenseConcluded",
            "licenseDeclared",
            "copyrightText",
            "summary",
            "externalRefs",
            "primaryPackagePurpose");

    private final JsonNode document;
    private final Set<String> ids = new HashSet<>();

    private SpdxRules(JsonNode document) {
        this.document = document;
    }

    static void check(JsonNode document) {
        SpdxRules rules = new SpdxRules(document);
        rules.checkDocument();
        document.get("packages").forEach(rules::checkPackage);
        rules.checkRelationships();
    }

    private void checkDocument() {
        assertThat(names(document)).isEqualTo(DOCUMENT);
        // 6.1, 6.2, 6.3, 6.4
        assertThat(document.get("spdxVersion").textValue()).isEqualTo("SPDX-2.3");
        assertThat(document.get("dataLicense").textValue()).isEqualTo("CC0-1.0");
        assertThat(document.get("SPDXID").textValue()).isEqualTo("SPDXRef-DOCUMENT");
        line(document, "name");
        ids.add("SPDXRef-DOCUMENT");
        // 6.5: an absolute URI without a fragment
        URI namespace = URI.create(document.get("documentNamespace").textValue());
        assertThat(namespace.isAbsolute()).isTrue();
        assertThat(namespace.getFragment()).isNull();
        // 6.8, 6.9
        JsonNode creation = document.get("creationInfo");
        assertThat(names(creation)).isEqualTo(Set.of("created", "creators"));
        assertThat(creation.get("created").textValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(creation.get("creators")).isNotEmpty();
        creation.get("creators")
                .forEach(creator -> assertThat(creator.textValue()).matches("(Tool|Person|Organization): \\S.*"));
    }

    private void checkPackage(JsonNode one) {
        assertThat(PACKAGE).containsAll(names(one));
        // 7.1, 7.2
        line(one, "name");
        assertThat(one.get("SPDXID").textValue()).matches(ID);
        assertThat(ids.add(one.get("SPDXID").textValue()))
                .as("unique: " + one.get("SPDXID"))
                .isTrue();
        // 7.3, 7.5, 7.6
        if (one.has("versionInfo")) {
            line(one, "versionInfo");
            assertThat(one.get("versionInfo").textValue()).isNotBlank();
        }
        for (String agent : List.of("supplier", "originator")) {
            if (one.has(agent)) {
                assertThat(one.get(agent).textValue()).matches(AGENT);
            }
        }
        // 7.7
        String location = one.get("downloadLocation").textValue();
        if (!location.equals("NOASSERTION")) {
            assertThat(URI.create(location).getScheme()).isIn("http", "https");
            assertThat(URI.create(location).getUserInfo()).isNull();
        }
        // 7.8 and 7.9: no verification code when files were not analyzed
        assertThat(one.get("filesAnalyzed").booleanValue()).isFalse();
        // 7.10
        one.path("checksums").forEach(checksum -> {
            assertThat(names(checksum)).isEqualTo(Set.of("algorithm", "checksumValue"));
            assertThat(checksum.get("algorithm").textValue()).isEqualTo("SHA256");
            assertThat(checksum.get("checksumValue").textValue()).matches("[0-9a-f]{64}");
        });
        // 7.11
        if (one.has("homepage")) {
            assertThat(URI.create(one.get("homepage").textValue()).isAbsolute()).isTrue();
        }
        // 7.13, 7.15, 7.17
        for (String licence : List.of("licenseConcluded", "licenseDeclared", "copyrightText")) {
            assertThat(one.get(licence).textValue()).isEqualTo("NOASSERTION");
        }
        // 7.21
        one.path("externalRefs").forEach(reference -> {
            assertThat(names(reference)).isEqualTo(Set.of("referenceCategory", "referenceType", "referenceLocator"));
            assertThat(reference.get("referenceCategory").textValue()).isEqualTo("PACKAGE-MANAGER");
            assertThat(reference.get("referenceType").textValue()).isEqualTo("purl");
            assertThat(reference.get("referenceLocator").textValue()).matches(PURL);
        });
        // 7.24
        if (one.has("primaryPackagePurpose")) {
            assertThat(one.get("primaryPackagePurpose").textValue()).isEqualTo("SOURCE");
        }
    }

    private void checkRelationships() {
        List<String> described = new ArrayList<>();
        Set<String> related = new HashSet<>(Set.of("SPDXRef-DOCUMENT"));
        for (JsonNode relationship : document.get("relationships")) {
            assertThat(names(relationship))
                    .isEqualTo(Set.of("spdxElementId", "relationshipType", "relatedSpdxElement"));
            // 11.1
            assertThat(relationship.get("relationshipType").textValue())
                    .isIn("DESCRIBES", "CONTAINS", "GENERATED_FROM");
            String element = relationship.get("spdxElementId").textValue();
            String other = relationship.get("relatedSpdxElement").textValue();
            assertThat(ids).contains(element, other);
            related.add(other);
            if (relationship.get("relationshipType").textValue().equals("DESCRIBES")) {
                assertThat(element).isEqualTo("SPDXRef-DOCUMENT");
                described.add(other);
            }
        }
        // 11.1: a document must say what it describes, when it has more packages than one
        assertThat(described).hasSize(1);
        assertThat(related).isEqualTo(ids);
    }

    private static Set<String> names(JsonNode node) {
        Set<String> names = new HashSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void line(JsonNode node, String field) {
        assertThat(node.get(field).textValue()).isNotBlank().doesNotContain("\n");
    }
}
