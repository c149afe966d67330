package dev.nbroot.profile;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Decodes {@code content} and {@code encoding} of a file to write. The content never appears in a message. */
final class FileContentDecoder {
    /** A few bytes of gzip can unpack to gigabytes. */
    private static final int MAX_BYTES = 64 << 20;

    /** cloud-init's spellings. */
    private static final List<String> PLAIN = List.of("text/plain");

    private static final List<String> BASE64 = List.of("b64", "base64");
    private static final List<String> GZIP = List.of("gz+b64", "gz+base64", "gzip+b64", "gzip+base64");

    static final Key CONTENT =
            Key.of("content", Form.text(Shape.ANY), "What is in the file; without it the file is empty.");

    static final Key ENCODING = Key.of(
                    "encoding",
                    new Form.Word(
                            Stream.of(PLAIN, BASE64, GZIP).flatMap(List::stream).toList()),
                    "How the content is written down: b64, or gz+b64 for compressed bytes.")
            .otherwise(PLAIN.get(0));

    private FileContentDecoder() {}

    static Optional<FileContent> decode(Optional<Cursor> content, Optional<Cursor> encoding) {
        String word = encoding.flatMap(FileContentDecoder::encoding).orElse(PLAIN.get(0));
        if (content.isEmpty()) {
            return Optional.of(new FileContent(new byte[0]));
        }
        Optional<String> text = content.get().plain();
        if (text.isEmpty() || PLAIN.contains(word)) {
            return text.map(plain -> new FileContent(plain.getBytes(StandardCharsets.UTF_8)));
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(text.get().replaceAll("\\s+", ""));
            return Optional.of(new FileContent(GZIP.contains(word) ? unpack(bytes) : bytes));
        } catch (IllegalArgumentException e) {
            content.get().refuse("this is not base64, as encoding: " + word + " says", "encode it with: base64 FILE");
        } catch (IOException e) {
            content.get()
                    .refuse(
                            "this is not gzip data of at most " + (MAX_BYTES >> 20) + " MiB, as encoding: " + word
                                    + " says",
                            "encode it with: gzip -c FILE | base64");
        }
        return Optional.empty();
    }

    private static Optional<String> encoding(Cursor value) {
        Optional<String> text = value.plain();
        boolean known =
                text.filter(value.form().as(Form.Word.class).words()::contains).isPresent();
        if (text.isPresent() && !known) {
            value.refuse(
                    Shape.shown(text.get()) + " is not an encoding",
                    "write b64, gz+b64, or leave it out for plain text");
        }
        return known ? text : Optional.empty();
    }

    private static byte[] unpack(byte[] packed) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] bytes = in.readNBytes(MAX_BYTES);
            if (in.read() >= 0) {
                throw new IOException("too large");
            }
            return bytes;
        }
    }
}
