package dev.nbroot.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nbroot.system.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The software bill of materials of a root, in the JSON form of SPDX 2.3: the root, the packages that it contains, and
 * the sources they were generated from.
 *
 * <p>Same packages and same facts give the same bytes. Licences are not asserted: Debian's copyright files are no list of
 * SPDX expressions.
 */
public final class SpdxDocument {
    private static final String DOCUMENT = "SPDXRef-DOCUMENT";
    private static final String ROOT = "SPDXRef-Root";

    private final ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final Facts facts;
    private final SpdxIds ids = new SpdxIds();
    private final ObjectNode document = mapper.createObjectNode();
    private final ArrayNode packages = mapper.createArrayNode();
    private final ArrayNode relationships = mapper.createArrayNode();
    private final Map<String, String> sources = new HashMap<>();

    /**
     * What the tree itself does not tell.
     *
     * @param name the root's name
     * @param distribution {@code debian} or {@code ubuntu}
     * @param suite the release's code name
     * @param nbroot nbroot's version
     * @param created the instant that the build counts as its own ({@code SOURCE_DATE_EPOCH}); fractions of a second are
     *     dropped
     * @param origins where package files came from, by {@code NAME:ARCHITECTURE}; may lack any or all of them
     */
    public record Facts(
            String name,
            String distribution,
            String suite,
            String nbroot,
            Instant created,
            Map<String, Origin> origins) {
        /** Copies the map. */
        public Facts {
            origins = Map.copyOf(origins);
        }
    }

    /**
     * A package file.
     *
     * @param sha256 64 hexadecimal digits; empty when unknown
     * @param uri where it was fetched; empty when unknown. Only http and https, without credentials, is written down
     */
    public record Origin(String sha256, String uri) {
        static final Origin UNKNOWN = new Origin("", "");
    }

    private SpdxDocument(Facts facts) {
        this.facts = facts;
    }

    /**
     * {@return the document for a tree, to be written beside the manifest as {@code sbom.spdx.json}}
     *
     * @param tree a tree with a dpkg database; only that is read
     * @throws dev.nbroot.report.Failure at an I/O error
     */
    public static byte[] of(Path tree, Facts facts) {
        return of(DpkgDatabase.installed(tree), facts);
    }

    static byte[] of(List<DpkgPackage> installed, Facts facts) {
        return new SpdxDocument(facts).bytes(installed);
    }

    private byte[] bytes(List<DpkgPackage> installed) {
        describeDocument();
        ids.claim(ROOT);
        describe(ROOT, facts.name());
        relate(DOCUMENT, "DESCRIBES", ROOT);
        installed.forEach(this::add);
        document.set("packages", packages);
        document.set("relationships", relationships);
        // The namespace has to be another one for every other document, and the same for this one.
        document.put(
                "documentNamespace",
                "https://spdx.org/spdxdocs/" + SpdxIds.idString(facts.name()) + "-" + SpdxIds.uuid(Sha256.of(text())));
        return (text() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void describeDocument() {
        document.put("spdxVersion", "SPDX-2.3");
        document.put("dataLicense", "CC0-1.0");
        document.put("SPDXID", DOCUMENT);
        document.put("name", facts.name());
        document.put("documentNamespace", "");
        ObjectNode creation = document.putObject("creationInfo");
        creation.put("created", facts.created().truncatedTo(ChronoUnit.SECONDS).toString());
        creation.putArray("creators").add("Tool: nbroot-" + facts.nbroot());
        ids.claim(DOCUMENT);
    }

    private void add(DpkgPackage one) {
        String id = ids.next("Package-" + one.name() + "-" + one.architecture());
        Origin origin = facts.origins().getOrDefault(one.name() + ":" + one.architecture(), Origin.UNKNOWN);
        ObjectNode node = describe(id, one.name());
        node.put("versionInfo", one.version());
        node.put("supplier", SpdxText.agent(one.field("Maintainer")));
        node.put("originator", SpdxText.agent(one.field("Original-Maintainer")));
        node.put("downloadLocation", SpdxText.location(origin.uri()));
        SpdxText.homepage(one.field("Homepage")).ifPresent(uri -> node.put("homepage", uri));
        one.field("Description").ifPresent(text -> node.put("summary", text.split("\n", 2)[0]));
        node.put("sourceInfo", "built from the source package " + one.sourceName() + " " + one.sourceVersion());
        if (!origin.sha256().isEmpty()) {
            node.putArray("checksums").addObject().put("algorithm", "SHA256").put("checksumValue", origin.sha256());
        }
        locate(node, one.name(), one.version(), one.architecture());
        relate(ROOT, "CONTAINS", id);
        relate(id, "GENERATED_FROM", source(one));
    }

    private String source(DpkgPackage one) {
        return sources.computeIfAbsent(one.sourceName() + " " + one.sourceVersion(), key -> {
            String id = ids.next("Source-" + key);
            ObjectNode node = describe(id, one.sourceName());
            node.put("versionInfo", one.sourceVersion());
            node.put("primaryPackagePurpose", "SOURCE");
            locate(node, one.sourceName(), one.sourceVersion(), "source");
            return id;
        });
    }

    /** What SPDX wants of every package. Files were not analyzed: the manifest and the tree say more about them. */
    private ObjectNode describe(String id, String name) {
        ObjectNode node = packages.addObject();
        node.put("SPDXID", id);
        node.put("name", name);
        node.put("downloadLocation", SpdxText.NOASSERTION);
        node.put("filesAnalyzed", false);
        node.put("licenseConcluded", SpdxText.NOASSERTION);
        node.put("licenseDeclared", SpdxText.NOASSERTION);
        node.put("copyrightText", SpdxText.NOASSERTION);
        return node;
    }

    private void locate(ObjectNode node, String name, String version, String architecture) {
        node.putArray("externalRefs")
                .addObject()
                .put("referenceCategory", "PACKAGE-MANAGER")
                .put("referenceType", "purl")
                .put(
                        "referenceLocator",
                        SpdxText.packageUrl(facts.distribution(), facts.suite(), name, version, architecture));
    }

    private void relate(String element, String type, String related) {
        relationships
                .addObject()
                .put("spdxElementId", element)
                .put("relationshipType", type)
                .put("relatedSpdxElement", related);
    }

    private String text() {
        try {
            return mapper.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of nodes has a JSON form", e);
        }
    }
}
