package dev.nbroot.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where package files came from, by an earlier bill of materials.
 *
 * @param byAddress by package URL
 */
public record SpdxOrigins(Map<String, SpdxDocument.Origin> byAddress) {
    /** Copies the map. */
    public SpdxOrigins {
        byAddress = Map.copyOf(byAddress);
    }

    /**
     * {@return what a {@code sbom.spdx.json} tells}
     *
     * @throws Failure of kind {@code INVALID_INPUT} when it cannot be understood
     */
    public static SpdxOrigins read(Path document) {
        Map<String, SpdxDocument.Origin> all = new HashMap<>();
        try {
            for (JsonNode one :
                    new ObjectMapper().readTree(Files.readAllBytes(document)).path("packages")) {
                String uri = one.path("downloadLocation").asText("");
                all.put(
                        one.at("/externalRefs/0/referenceLocator").asText(""),
                        new SpdxDocument.Origin(
                                one.at("/checksums/0/checksumValue").asText(""),
                                uri.equals(SpdxText.NOASSERTION) ? "" : uri));
            }
            return new SpdxOrigins(all);
        } catch (JsonProcessingException e) {
            throw Failure.of(
                    FailureKind.INVALID_INPUT,
                    document + " cannot be understood: " + e.getOriginalMessage(),
                    "delete it: then nothing is taken from it");
        } catch (IOException e) {
            throw Failure.io("read", document, e);
        }
    }

    /** {@return those of the packages that are installed in the same versions now, by {@code NAME:ARCHITECTURE}} */
    public Map<String, SpdxDocument.Origin> of(
            String distribution, String suite, List<Manifest.InstalledPackage> installed) {
        Map<String, SpdxDocument.Origin> found = new HashMap<>();
        for (Manifest.InstalledPackage one : installed) {
            SpdxDocument.Origin origin = byAddress.get(
                    SpdxText.packageUrl(distribution, suite, one.name(), one.version(), one.architecture()));
            if (origin != null) {
                found.put(one.name() + ":" + one.architecture(), origin);
            }
        }
        return found;
    }
}
