package dev.nbroot.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decodes {@code services}. */
final class ServicesDecoder {
    /** systemd.unit(5); a name without one of these means a service, as for systemctl(1). */
    private static final String TYPES =
            ".*[^.]\\.(service|socket|target|timer|path|mount|automount|swap|slice|scope|device)";

    private ServicesDecoder() {}

    static Services decode(Fields fields) {
        Map<String, String> seen = new LinkedHashMap<>();
        Services services = new Services(
                units(fields, "enable", seen), units(fields, "disable", seen), units(fields, "mask", seen));
        fields.end();
        return services;
    }

    private static List<String> units(Fields fields, String key, Map<String, String> seen) {
        return fields.at(key)
                .map(list -> {
                    Map<String, Position> units = new LinkedHashMap<>();
                    for (Cursor item : list.list()) {
                        item.text(Shape.UNIT).ifPresent(name -> {
                            String unit = name.matches(TYPES) ? name : name + ".service";
                            contradiction(item, unit, key, seen);
                            units.putIfAbsent(unit, item.value().at());
                        });
                    }
                    return list.noted(units);
                })
                .orElse(List.of());
    }

    private static void contradiction(Cursor item, String unit, String key, Map<String, String> seen) {
        String earlier = seen.putIfAbsent(unit, key);
        if ("enable".equals(earlier) && !key.equals("enable")) {
            item.refuse(unit + " is in services.enable too", "decide for one of them");
        }
    }
}
