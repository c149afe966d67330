package dev.nbroot.build;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The part of a plan that makes layers: it ends with all packages installed, and knows nothing of users, files and
 * names.
 *
 * @param setup hooks before the base system; may be empty
 * @param bootstrap makes the base system
 * @param sources sets up apt
 * @param essential hooks before the packages; may be empty
 * @param install installs the packages
 * @param baseInputs what decides the base layer beside the package files
 * @param packagesInputs what decides the packages layer beside the base layer and the package files
 */
record Foundation(
        List<BuildStep> setup,
        Bootstrap bootstrap,
        PrepareApt sources,
        List<BuildStep> essential,
        InstallPackages install,
        List<String> baseInputs,
        List<String> packagesInputs) {
    Foundation {
        setup = List.copyOf(setup);
        essential = List.copyOf(essential);
        baseInputs = List.copyOf(baseInputs);
        packagesInputs = List.copyOf(packagesInputs);
    }

    /** {@return all steps, in order} */
    List<BuildStep> steps() {
        List<BuildStep> steps = new ArrayList<>(setup);
        steps.add(bootstrap);
        steps.add(sources);
        steps.addAll(essential);
        steps.add(install);
        return steps;
    }

    LayerInputs base(Selection selection, OptionalLong epoch) {
        List<String> lines = new ArrayList<>(baseInputs);
        lines.add("time " + epoch);
        selection.required().forEach(deb -> lines.add("required " + identity(deb)));
        selection.base().forEach(deb -> lines.add("base " + identity(deb)));
        return new LayerInputs("base", lines);
    }

    LayerInputs packages(LayerInputs base, Selection selection) {
        List<String> lines = new ArrayList<>(List.of("base layer " + base.key()));
        lines.addAll(packagesInputs);
        sources.files(selection.archives()).forEach(file -> lines.add("file " + file.path() + " " + file.text()));
        selection.packages().forEach(deb -> lines.add("package " + identity(deb)));
        return new LayerInputs("packages", lines);
    }

    private static String identity(Deb deb) {
        return deb.label() + " " + deb.sha256();
    }
}
