package dev.nbroot.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Turns outcome and event records into JSON: durations are seconds, paths are strings, absent values are left out. */
final class Json {
    private final JsonMapper mapper = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
            .addModule(new SimpleModule()
                    .addSerializer(Path.class, new As<>(Path.class, (path, to) -> to.writeString(path.toString())))
                    .addSerializer(
                            Duration.class,
                            new As<>(
                                    Duration.class, (span, to) -> to.writeNumber(Math.round(span.toMillis()) / 1000.0)))
                    .addSerializer(Optional.class, new OptionalAsValue()))
            // Without it Jackson, which knows Optional only by a module of its own, writes null.
            .withConfigOverride(
                    Optional.class,
                    absent -> absent.setInclude(
                            JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS)))
            .build();

    String line(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value has no JSON form: " + value.getClass(), e);
        }
    }

    @FunctionalInterface
    private interface Writer<T> {
        void write(T value, JsonGenerator to) throws IOException;
    }

    private static final class As<T> extends JsonSerializer<T> {
        private final Class<T> type;
        private final Writer<T> writer;

        As(Class<T> type, Writer<T> writer) {
            this.type = type;
            this.writer = writer;
        }

        @Override
        public Class<T> handledType() {
            return type;
        }

        @Override
        public void serialize(T value, JsonGenerator to, SerializerProvider provider) throws IOException {
            writer.write(value, to);
        }
    }

    @SuppressWarnings("rawtypes")
    private static final class OptionalAsValue extends JsonSerializer<Optional> {
        @Override
        public boolean isEmpty(SerializerProvider provider, Optional value) {
            return value.isEmpty();
        }

        @Override
        public void serialize(Optional value, JsonGenerator to, SerializerProvider provider) throws IOException {
            if (value.isPresent()) {
                provider.defaultSerializeValue(value.get(), to);
            } else {
                to.writeNull();
            }
        }
    }
}
