package dev.nbroot.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON Schema (draft 2020-12) of profiles, written from the forms that the decoders use.
 *
 * <p>It knows keys, types, words and patterns; what needs more than one value, or a file, only {@code nbroot check} knows.
 */
public final class ProfileSchema {
    private ProfileSchema() {}

    /**
     * {@return the schema as JSON of several lines}
     *
     * @param part whether it is for the parts that profiles include, in which nothing is required
     */
    public static String text(boolean part) {
        return CanonicalJson.pretty(tree(part));
    }

    /** As {@link #text}, as maps, lists, texts, numbers and flags. */
    public static Map<String, Object> tree(boolean part) {
        List<Key> keys = new ArrayList<>(ProfileDecoder.FORM.keys());
        keys.add(1, ProfileFiles.INCLUDE);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        tree.put("title", part ? "nbroot: a part of profiles, for include" : "nbroot: a profile");
        tree.putAll(block(new Form.Block(keys), false));
        if (!part) {
            // What an include brings, the file itself need not have.
            tree.put("if", new LinkedHashMap<>(Map.of("required", List.of(ProfileFiles.INCLUDE.name()))));
            tree.put("else", demands(ProfileDecoder.FORM));
        }
        return tree;
    }

    /**
     * Describes a map.
     *
     * @param whole whether it is whole in one file, as maps in lists are; other maps may be spread over includes
     */
    private static Map<String, Object> block(Form.Block block, boolean whole) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<Object> required = new ArrayList<>();
        for (Key key : block.keys()) {
            Map<String, Object> property = new LinkedHashMap<>();
            property.put("description", key.about());
            key.otherwise().ifPresent(value -> property.put("default", value));
            Map<String, Object> value = value(key.form(), whole);
            property.putAll(key.required() ? value : orNothing(value));
            properties.put(key.name(), property);
            if (key.required() && whole) {
                required.add(key.name());
            }
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("type", "object");
        tree.put("properties", properties);
        tree.put("additionalProperties", false);
        if (!required.isEmpty()) {
            tree.put("required", required);
        }
        return tree;
    }

    /** {@return the same, or {@code null}, which means that nobody wrote it} */
    private static Map<String, Object> orNothing(Map<String, Object> value) {
        Map<String, Object> tree = new LinkedHashMap<>(value);
        if (value.get("type") instanceof String type) {
            tree.put("type", List.of(type, "null"));
        } else {
            Map<String, Object> nothing = new LinkedHashMap<>();
            nothing.put("type", "null");
            List<Object> choices = new ArrayList<>();
            if (value.get("anyOf") instanceof List<?> forms) {
                choices.addAll(forms);
            } else {
                choices.add(value);
            }
            choices.add(nothing);
            tree.clear();
            tree.put("anyOf", choices);
        }
        return tree;
    }

    private static Map<String, Object> value(Form form, boolean whole) {
        Map<String, Object> tree = new LinkedHashMap<>();
        if (form instanceof Form.Text text) {
            tree.put("type", "string");
            if (!text.shape().equals(Shape.ANY)) {
                tree.put("pattern", "^(?:" + text.shape().pattern() + ")$");
            }
        } else if (form instanceof Form.Word word) {
            tree.put("enum", word.words());
        } else if (form instanceof Form.Flag) {
            tree.put("type", "boolean");
        } else if (form instanceof Form.Off) {
            tree.put("const", false);
        } else if (form instanceof Form.Number number) {
            tree.put("type", "integer");
            tree.put("minimum", number.least());
            tree.put("maximum", number.most());
        } else if (form instanceof Form.ListOf list) {
            tree.put("type", "array");
            tree.put("items", list.removable() ? removable(list.item()) : value(list.item(), true));
        } else if (form instanceof Form.Names names) {
            Map<String, Object> inner = value(names.value(), whole);
            tree.put("type", "object");
            tree.put("additionalProperties", names.mayBeNothing() ? orNothing(inner) : inner);
        } else if (form instanceof Form.Block block) {
            return block(block, whole);
        } else {
            tree.put(
                    "anyOf",
                    form.as(Form.Either.class).forms().stream()
                            .map(one -> value(one, whole))
                            .toList());
        }
        return tree;
    }

    /** An entry with a hyphen before it takes an inherited one out of the list; no decoder ever sees it. */
    private static Map<String, Object> removable(Form item) {
        Map<String, Object> tree = value(item, true);
        tree.put("pattern", "^-?(?:" + item.as(Form.Text.class).shape().pattern() + ")$");
        return tree;
    }

    /** {@return what must be there in a profile that includes nothing, in maps that includes could complete} */
    private static Map<String, Object> demands(Form form) {
        Map<String, Object> tree = new LinkedHashMap<>();
        if (form instanceof Form.Block block) {
            List<String> required =
                    block.keys().stream().filter(Key::required).map(Key::name).toList();
            Map<String, Object> inner = new LinkedHashMap<>();
            for (Key key : block.keys()) {
                Map<String, Object> demands = demands(key.form());
                if (!demands.isEmpty()) {
                    inner.put(key.name(), demands);
                }
            }
            if (!required.isEmpty()) {
                tree.put("required", required);
            }
            if (!inner.isEmpty()) {
                tree.put("properties", inner);
            }
        } else if (form instanceof Form.Names names && !demands(names.value()).isEmpty()) {
            tree.put("additionalProperties", demands(names.value()));
        } else if (form instanceof Form.Either either) {
            // What is demanded of a map says nothing about the texts and lists that may stand in its place.
            either.forms().stream()
                    .filter(Form.Block.class::isInstance)
                    .map(ProfileSchema::demands)
                    .forEach(tree::putAll);
        }
        return tree;
    }
}
