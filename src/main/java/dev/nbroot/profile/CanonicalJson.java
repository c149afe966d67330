package dev.nbroot.profile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Trees of maps, lists, texts, numbers, flags and nothings as JSON, in the order the maps have. */
final class CanonicalJson {
    private CanonicalJson() {}

    /** {@return JSON of one line} */
    static String text(Object tree) {
        return text(tree, json -> json);
    }

    /** {@return JSON for people} */
    static String pretty(Object tree) {
        return text(tree, JsonGenerator::useDefaultPrettyPrinter);
    }

    private static String text(Object tree, UnaryOperator<JsonGenerator> style) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = style.apply(new JsonFactory().createGenerator(text))) {
            write(json, tree);
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be written to", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName((String) entry.getKey());
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object inner : list) {
                write(json, inner);
            }
            json.writeEndArray();
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value == null) {
            json.writeNull();
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else {
            json.writeString((String) value);
        }
    }
}
