package dev.nbroot.profile;

import dev.nbroot.profile.YamlValue.Entry;
import dev.nbroot.profile.YamlValue.Kind;
import dev.nbroot.profile.YamlValue.Mapping;
import dev.nbroot.profile.YamlValue.Scalar;
import dev.nbroot.profile.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lays one profile over what it includes: maps deeply, lists append, scalars override, {@code -NAME} removes. */
final class Merge {
    private final Problems problems;

    Merge(Problems problems) {
        this.problems = problems;
    }

    /** {@return the included profile with the including one over it} */
    Mapping include(Mapping base, Mapping over) {
        Map<String, Entry> merged =
                new LinkedHashMap<>(mapping(base, over, true).entries());
        Entry packages = over.entries().get("packages");
        if (packages != null && packages.value() instanceof Sequence own) {
            Entry earlier = base.entries().get("packages");
            List<YamlValue> inherited =
                    earlier != null && earlier.value() instanceof Sequence list ? list.items() : List.of();
            merged.put("packages", new Entry(packages.keyAt(), new Sequence(own.at(), packages(inherited, own))));
        }
        return new Mapping(over.at(), merged);
    }

    /** {@return the profile with an option's value over it: as an include, but lists are replaced} */
    Mapping option(Mapping base, Mapping over) {
        return new Mapping(base.at(), mapping(base, over, false).entries());
    }

    private Mapping mapping(Mapping base, Mapping over, boolean append) {
        Map<String, Entry> merged = new LinkedHashMap<>(base.entries());
        over.entries().forEach((key, entry) -> {
            Entry earlier = merged.get(key);
            YamlValue value = earlier == null ? entry.value() : value(earlier.value(), entry.value(), append);
            merged.put(key, new Entry(value == entry.value() ? entry.keyAt() : earlier.keyAt(), value));
        });
        return new Mapping(over.at(), merged);
    }

    private YamlValue value(YamlValue base, YamlValue over, boolean append) {
        if (base instanceof Mapping low && over instanceof Mapping high) {
            return mapping(low, high, append);
        }
        if (append && base instanceof Sequence low && over instanceof Sequence high) {
            List<YamlValue> items = new ArrayList<>(low.items());
            items.addAll(high.items());
            return new Sequence(high.at(), List.copyOf(items));
        }
        // "packages:" with every entry commented out is a list without entries, not a wish to forget the inherited
        // ones.
        return append && over.isNothing() && !(base instanceof Scalar) ? base : over;
    }

    private List<YamlValue> packages(List<YamlValue> inherited, Sequence own) {
        List<YamlValue> items = new ArrayList<>(inherited);
        for (YamlValue item : own.items()) {
            String name = textOf(item);
            if (!name.startsWith("-")) {
                items.add(item);
            } else if (!items.removeIf(earlier -> textOf(earlier).equals(name.substring(1)))) {
                problems.add(
                        item.at(),
                        "packages: " + Shape.shown(name) + " removes nothing, no included profile adds it",
                        Nearest.to(
                                        name.substring(1),
                                        inherited.stream().map(Merge::textOf).toList())
                                .map(near -> "did you mean \"-" + near + "\"?")
                                .orElse("remove this entry"));
            }
        }
        return List.copyOf(items);
    }

    private static String textOf(YamlValue value) {
        return value instanceof Scalar scalar && scalar.kind() == Kind.TEXT ? scalar.text() : "";
    }
}
