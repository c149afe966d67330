package dev.nbroot.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the keys of a tree into the order in which a person would write them: that of the forms. */
final class ReadingOrder {
    private ReadingOrder() {}

    static Map<String, Object> of(Map<String, Object> tree) {
        return map(tree, ProfileDecoder.FORM);
    }

    private static Object ordered(Object value, Form form) {
        if (value instanceof Map<?, ?> map && form instanceof Form.Names names) {
            Map<String, Object> ordered = new LinkedHashMap<>();
            map.forEach((key, inner) -> ordered.put((String) key, ordered(inner, names.value())));
            return ordered;
        }
        if (value instanceof Map<?, ?> map) {
            return map(map, form.as(Form.Block.class));
        }
        if (value instanceof List<?> list && form instanceof Form.ListOf items) {
            List<Object> ordered = new ArrayList<>();
            list.forEach(item -> ordered.add(ordered(item, items.item())));
            return ordered;
        }
        return value;
    }

    private static Map<String, Object> map(Map<?, ?> map, Form.Block block) {
        Map<String, Object> ordered = new LinkedHashMap<>();
        for (Key key : block.keys()) {
            if (map.containsKey(key.name())) {
                ordered.put(key.name(), ordered(map.get(key.name()), key.form()));
            }
        }
        if (ordered.size() != map.size()) {
            throw new IllegalStateException("the tree has keys that no form describes: " + map.keySet());
        }
        return ordered;
    }
}
