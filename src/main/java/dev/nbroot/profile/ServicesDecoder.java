package dev.nbroot.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decodes {@code services}. */
final class ServicesDecoder {
    /** systemd.unit(5); a name without one of these means a service, as for systemctl(1). */
    private static final String TYPES =
            ".*[^.]\\.(service|socket|target|timer|path|mount|automount|swap|slice|scope|device)";

    static final Form.Block FORM = Form.block(
            Key.of("enable", Form.listOf(Shape.UNIT), "Units that systemd starts, as in ssh or apt-daily.timer."),
            Key.of("disable", Form.listOf(Shape.UNIT), "Units that it does not start by itself."),
            Key.of("mask", Form.listOf(Shape.UNIT), "Units that nothing can start."));

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
                        item.text().ifPresent(name -> {
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
