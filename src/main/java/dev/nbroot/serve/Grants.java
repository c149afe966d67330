package dev.nbroot.serve;

import dev.nbroot.system.Ipv4Network;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All rules there are, by what they are about, with what holds where nobody said anything: a root that no rule is about
 * may be read from the server's own networks, and a view belongs to the machine with its client's card. A directory is
 * for nobody but those whom a rule names.
 */
final class Grants {
    private final List<ExportRule> rules;
    private final List<Grant> local;

    /**
     * Takes the rules.
     *
     * @param own the networks of the address that is served on
     */
    Grants(List<ExportRule> rules, List<Ipv4Network> own) {
        this.rules = List.copyOf(rules);
        this.local = own.stream()
                .map(network -> new Grant(
                        new Audience.Network(network),
                        Rights.TO_BOOT,
                        "roots=" + network + " (which holds while no --export is about this root)"))
                .toList();
    }

    /** {@return the directories that rules are about, each once} */
    List<Subject.Directory> directories() {
        return rules.stream()
                .filter(rule -> rule.subject() instanceof Subject.Directory)
                .map(rule -> (Subject.Directory) rule.subject())
                .distinct()
                .toList();
    }

    /** {@return what is granted for a tree, the most exact first; what is about one root comes before all roots} */
    List<Grant> of(Subject tree) {
        List<Grant> found = new ArrayList<>();
        if (tree instanceof Subject.View view) {
            found.add(new Grant(
                    new Audience.Card(view.mac()),
                    Rights.OWNER,
                    "a view belongs to the machine with its client's card"));
        }
        about(tree).forEach(found::add);
        if (tree instanceof Subject.Root) {
            about(new Subject.AllRoots()).forEach(found::add);
            if (found.isEmpty()) {
                found.addAll(local);
            }
        }
        // A stable sort: what was found first stays first among equals.
        found.sort(Comparator.comparingInt((Grant grant) -> grant.audience().exactness())
                .reversed());
        return List.copyOf(found);
    }

    /** {@return what is granted for a root's shared tree: who may read the root may write there, one at a time} */
    List<Grant> shared(Subject.Root root) {
        return of(root).stream()
                .map(grant -> new Grant(
                        grant.audience(),
                        new Rights(
                                true,
                                Rights.OWNER.squash(),
                                grant.rights().reservedPort(),
                                grant.rights().durable()),
                        grant.rule()))
                .toList();
    }

    private Stream<Grant> about(Subject subject) {
        return rules.stream()
                .filter(rule -> rule.subject().equals(subject))
                .flatMap(rule ->
                        rule.audiences().stream().map(audience -> new Grant(audience, rule.rights(), rule.text())));
    }

    /** {@return whom a tree is granted to, for people} */
    static String audiences(List<Grant> grants) {
        return grants.isEmpty()
                ? "nobody"
                : grants.stream()
                        .map(grant -> grant.audience() + (grant.rights().writable() ? " (rw)" : " (ro)"))
                        .distinct()
                        .collect(Collectors.joining(", "));
    }
}
