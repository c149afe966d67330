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
        int mode = fields.at("permissions").flatMap(WriteFileDecoder::mode).orElse(0644);
        String[] owner = fields.at("owner").flatMap(WriteFileDecoder::owner).orElse(new String[] {"root", "root"});
        boolean append = fields.flag("append", false);
        // Every file is written when packages and users are there: what defer: true asks for anyway.
        fields.flag("defer", true);
        fields.end();
        return path.flatMap(Cursor::rootPath)
                .flatMap(at -> content.map(bytes -> new WriteFile(at, bytes, mode, owner[0], owner[1], append)));
    }

    /** YAML 1.1 reads a bare 0644 as 420 and a bare 644 as 644: neither can be trusted to be what was meant. */
    private static Optional<Integer> mode(Cursor value) {
        if (value.value() instanceof Scalar scalar && scalar.kind() == Kind.NUMBER) {
            value.refuse("YAML reads this as a decimal number", MODE_HINT);
            return Optional.empty();
        }
        Optional<String> text = value.text();
        if (text.isPresent() && !text.get().matches("(0o?)?[0-7]{3,4}")) {
            value.refuse(Shape.shown(text.get()) + " is not a file's mode", MODE_HINT);
            return Optional.empty();
        }
        return text.map(octal -> Integer.parseInt(octal.replace("o", ""), 8));
    }

    private static Optional<String[]> owner(Cursor value) {
        Optional<String> text = value.text();
        String account = "([a-z_][a-z0-9_-]{0,31}|0|[1-9][0-9]{0,9})";
        if (text.isPresent() && !text.get().matches(account + "(:" + account + ")?")) {
            value.refuse(Shape.shown(text.get()) + " is not an owner", "write USER:GROUP, as in owner: \"root:root\"");
            return Optional.empty();
        }
        return text.map(names -> names.contains(":") ? names.split(":") : new String[] {names, names});
    }
}
