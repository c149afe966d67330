package dev.nbroot.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every package file of a root, chosen before anything is built.
 *
 * @param archives the distribution's suites that they were chosen from, for the root's own apt sources
 * @param required what debootstrap unpacks first: the packages of priority required and what they need
 * @param base what makes it a system with apt
 * @param packages everything else
 * @param stanzas by the SHA-256 of a package file, what the package lists say about it; may be incomplete
 */
record Selection(
        List<FoundArchive> archives,
        List<Deb> required,
        List<Deb> base,
        List<Deb> packages,
        Map<String, String> stanzas) {
    Selection {
        archives = List.copyOf(archives);
        required = List.copyOf(required);
        base = List.copyOf(base);
        packages = List.copyOf(packages);
        stanzas = new TreeMap<>(stanzas);
    }

    /** {@return what the base system is made of} */
    List<Deb> system() {
        List<Deb> system = new ArrayList<>(required);
        system.addAll(base);
        return system;
    }

    /** {@return every package file} */
    List<Deb> all() {
        List<Deb> all = system();
        all.addAll(packages);
        return all;
    }
}
