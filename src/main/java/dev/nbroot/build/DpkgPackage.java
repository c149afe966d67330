package dev.nbroot.build;

import java.util.Map;
import java.util.Optional;

/**
 * An installed package as the dpkg database describes it.
 *
 * @param name the binary package
 * @param version its version
 * @param architecture Debian's name, or {@code all}
 * @param fields every field of its paragraph by deb-control(5)'s name; further lines of a value keep their indent
 */
public record DpkgPackage(String name, String version, String architecture, Map<String, String> fields) {
    private static final int KIB = 1024;

    /** Copies the map. */
    public DpkgPackage {
        fields = Map.copyOf(fields);
    }

    /** {@return a field's value} */
    public Optional<String> field(String field) {
        return Optional.ofNullable(fields.get(field)).filter(value -> !value.isBlank());
    }

    /** {@return the source package it was built from; Source is only there when the name or version differs} */
    public String sourceName() {
        return field("Source").map(source -> source.split("\\s")[0]).orElse(name);
    }

    /** {@return the version of the source package} */
    public String sourceVersion() {
        return field("Source")
                .filter(source -> source.matches("\\S+ +\\(\\S+\\)"))
                .map(source -> source.substring(source.indexOf('(') + 1, source.length() - 1))
                .orElse(version);
    }

    /** {@return how many bytes it says that it takes, in steps of 1024} */
    public Optional<Long> installedBytes() {
        return field("Installed-Size")
                .filter(size -> size.matches("\\d{1,15}"))
                .map(size -> Long.parseLong(size) * KIB);
    }
}
