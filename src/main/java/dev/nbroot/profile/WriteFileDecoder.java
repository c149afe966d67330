package dev.nbroot.profile;

import dev.nbroot.profile.YamlValue.Kind;
import dev.nbroot.profile.YamlValue.Scalar;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decodes {@code write_files}. */
final class WriteFileDecoder {
    private static final String MODE_HINT = "write an octal number in quotes, as in permissions: \"0644\"";

    private static final Shape MODE = Shape.of("a file's mode", "(0o?)?[0-7]{3,4}", MODE_HINT);

    private static final String ACCOUNT = "([a-z_][a-z0-9_-]{0,31}|0|[1-9][0-9]{0,9})";

    private static final Shape OWNER =
            Shape.of("an owner", ACCOUNT + "(:" + ACCOUNT + ")?", "write USER:GROUP, as in owner: \"root:root\"");

    static final Form.Block FORM = Form.block(
            Key.required("path", Form.text(Shape.ROOT_PATH), "Where the file goes, inside the root."),
            FileContentDecoder.CONTENT,
            FileContentDecoder.ENCODING,
            Key.of("permissions", Form.text(MODE), "An octal number in quotes, as in \"0644\".")
                    .otherwise("0644"),
            Key.of("owner", Form.text(OWNER), "USER:GROUP, names or numbers.").otherwise("root:root"),
            Key.flag("append", false, "Whether the content goes behind what the file has."),
            Key.flag("defer", true, "Accepted for cloud-init's sake: every file is written when all users are there."));

    private WriteFileDecoder() {}

    static List<WriteFile> decode(List<Cursor> items) {
        List<WriteFile> files = new ArrayList<>();
        Set<Path> seen = new HashSet<>();
        for (Cursor item : items) {
            file(item).ifPresent(file -> {
                if (!seen.add(file.path()) && !file.append()) {
                    item.refuse(file.path() + " is written twice", "merge the two, or set append: true on the second");
                }
                files.add(file);
            });
        }
        return files;
    }

    private static Optional<WriteFile> file(Cursor item) {
        Fields fields = item.fields();
        Optional<Cursor> path = fields.at("path");
        if (path.isEmpty()) {
            fields.missing("path", "say where the file goes, as in path: /etc/motd");
        }
        Optional<FileContent> content = FileContentDecoder.decode(fields.at("content"), fields.at("encoding"));
        int mode = Integer.parseInt(
                fields.at("permissions")
                        .flatMap(WriteFileDecoder::mode)
                        .orElseGet(() -> fields.otherwise("permissions", String.class))
                        .replace("o", ""),
                8);
        String names = fields.textOrDefault("owner");
        String[] owner = names.contains(":") ? names.split(":") : new String[] {names, names};
        boolean append = fields.flag("append");
        // Every file is written when packages and users are there: what defer: true asks for anyway.
        fields.flag("defer");
        fields.end();
        return path.flatMap(Cursor::rootPath)
                .flatMap(at -> content.map(bytes -> new WriteFile(at, bytes, mode, owner[0], owner[1], append)));
    }

    /** YAML 1.1 reads a bare 0644 as 420 and a bare 644 as 644: neither can be trusted to be what was meant. */
    private static Optional<String> mode(Cursor value) {
        if (value.value() instanceof Scalar scalar && scalar.kind() == Kind.NUMBER) {
            value.refuse("YAML reads this as a decimal number", MODE_HINT);
            return Optional.empty();
        }
        return value.text();
    }
}
