package dev.nbroot.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One value of the merged profile and who set it: a line of {@code nbroot show --origin}.
 *
 * @param path as in {@code bootstrap.suite} or {@code users[0].groups[1]}
 * @param value a text, a whole number, a flag, an empty list or map; secrets as their SHA-256
 * @param origin where it was written; absent for a default
 */
public record Setting(String path, Object value, Optional<Position> origin) {

    static List<Setting> allOf(Map<String, Object> tree, Provenance provenance) {
        List<Setting> all = new ArrayList<>();
        add("", tree, provenance, all);
        return List.copyOf(all);
    }

    private static void add(String path, Object value, Provenance provenance, List<Setting> all) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            map.forEach((key, inner) -> add(path.isEmpty() ? "" + key : path + "." + key, inner, provenance, all));
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            for (int i = 0; i < list.size(); i++) {
                add(path + "[" + i + "]", list.get(i), provenance, all);
            }
        } else {
            all.add(new Setting(path, value, provenance.origin(path)));
        }
    }
}
