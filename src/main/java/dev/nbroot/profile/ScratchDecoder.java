package dev.nbroot.profile;

import dev.nbroot.profile.Scratch.Disk;
import dev.nbroot.profile.Scratch.Image;
import dev.nbroot.profile.Scratch.Memory;
import dev.nbroot.profile.Scratch.Store;
import dev.nbroot.profile.YamlValue.Kind;
import dev.nbroot.profile.YamlValue.Scalar;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decodes {@code scratch}: a word, or a map whose {@code kind} is that word. */
final class ScratchDecoder {
    /** Where podman and cri-o, containerd, and docker keep their layers. */
    private static final List<String> DIRECTORIES =
            List.of("/var/lib/containers", "/var/lib/containerd", "/var/lib/docker");

    private static final String LABEL = "nbroot-scratch";
    private static final Size HALF_THE_MEMORY = new Size(50, Size.Unit.PERCENT);
    private static final Size LARGE = new Size(20, Size.Unit.GIB);

    /** The same words as {@link Store#word()}, each with what it means when nothing else is said. */
    private enum Word {
        TMPFS(new Memory(HALF_THE_MEMORY)),
        DISK(new Disk(LABEL)),
        IMAGE(new Image(LARGE));

        private final Store usual;

        Word(Store usual) {
            this.usual = usual;
        }

        String text() {
            return usual.word();
        }
    }

    private static final Shape SIZE = Shape.of(
            "a size of scratch",
            "([1-9][0-9]?|100)%|[1-9][0-9]{0,5}[MG]",
            "write a size as in 20G, or for tmpfs a part of the memory as in 50%");

    /** GPT names have 36 characters; udev would write other ones of them in the link's name as in \x20. */
    private static final Shape DISK_LABEL = Shape.of(
            "a label of a disk", "[A-Za-z0-9._-]{1,36}", "use letters, digits, . _ -, as in mkfs.ext4 -L " + LABEL);

    /** They become words of a unit, in which systemd would take other characters for something else. */
    private static final Shape DIRECTORY = Shape.of(
            "a directory for scratch",
            "(/(?!\\.{1,2}(/|$))[A-Za-z0-9._+@-]+)+",
            "begin with / and use letters, digits, . _ + @ -, as in /var/lib/docker");

    private static final Form.Word WORD = Form.word(Word.values(), Word::text);

    private static final Form.Block BLOCK = Form.block(
            Key.required(
                    "kind",
                    WORD,
                    "tmpfs is memory; disk is a local file system found by its label; image is a sparse file in a"
                            + " persistent client's view."),
            Key.of("size", Form.text(SIZE), "How large tmpfs (default 50% of the memory) or image (20G) may be."),
            Key.of("label", Form.text(DISK_LABEL), "The disk's label, or its partition's; default nbroot-scratch."),
            Key.of("directories", Form.listOf(DIRECTORY), "What lies there; what the root has in them is hidden.")
                    .otherwise(DIRECTORIES));

    static final Form.Either FORM = Form.either(WORD, BLOCK);

    private ScratchDecoder() {}

    /** {@return what was written; empty, after a problem, when it is no store} */
    static Optional<Scratch> decode(Cursor value) {
        if (value.value() instanceof Scalar scalar && scalar.kind() == Kind.TEXT) {
            value.decoding().note(value.path() + ".kind", scalar.at());
            List<Path> usual = DIRECTORIES.stream().map(Path::of).toList();
            return value.as(WORD).word(Word.values(), Word::text).map(word -> new Scratch(word.usual, usual));
        }
        Fields fields = value.as(BLOCK).fields();
        Optional<Cursor> kind = fields.at("kind");
        if (kind.isEmpty()) {
            fields.missing("kind", "write kind: tmpfs, kind: disk or kind: image");
        }
        Optional<Word> word = kind.flatMap(one -> one.word(Word.values(), Word::text));
        Optional<Cursor> size = fields.at("size");
        Optional<Cursor> label = fields.at("label");
        List<Path> directories = fields.at("directories")
                .map(ScratchDecoder::directories)
                .orElseGet(() -> texts(fields.otherwise("directories", List.class)));
        fields.end();
        return word.map(one -> new Scratch(store(one, size, label), directories));
    }

    private static Store store(Word word, Optional<Cursor> size, Optional<Cursor> label) {
        if (word != Word.DISK) {
            label.ifPresent(wrong -> wrong.refuse("only a disk has a label", "leave it out, or write kind: disk"));
        }
        return switch (word) {
            case TMPFS ->
                size.flatMap(ScratchDecoder::size).<Store>map(Memory::new).orElse(word.usual);
            case IMAGE ->
                size.flatMap(ScratchDecoder::fixedSize).<Store>map(Image::new).orElse(word.usual);
            case DISK -> {
                size.ifPresent(wrong -> wrong.refuse("a disk has its own size", "leave it out"));
                yield label.flatMap(Cursor::text).<Store>map(Disk::new).orElse(word.usual);
            }
        };
    }

    private static Optional<Size> size(Cursor value) {
        if (value.value() instanceof Scalar scalar && scalar.kind() == Kind.NUMBER) {
            value.refuse("a number alone is no size", SIZE.hint());
            return Optional.empty();
        }
        return value.text().map(Size::parse);
    }

    private static Optional<Size> fixedSize(Cursor value) {
        Optional<Size> size = size(value);
        if (size.filter(one -> one.unit() == Size.Unit.PERCENT).isPresent()) {
            value.refuse("an image is no part of the memory", "write a size as in 20G");
            return Optional.empty();
        }
        return size;
    }

    /** Two that lie inside each other would hide one another, depending on which is mounted last. */
    private static List<Path> directories(Cursor list) {
        Map<Path, Position> paths = new LinkedHashMap<>();
        for (Cursor item : list.list()) {
            item.rootPath().ifPresent(path -> {
                paths.keySet().stream()
                        .filter(other -> !other.equals(path) && (other.startsWith(path) || path.startsWith(other)))
                        .findFirst()
                        .ifPresent(other -> item.refuse(
                                path + " and " + other + " lie inside each other", "keep the outer one only"));
                paths.putIfAbsent(path, item.value().at());
            });
        }
        if (list.list().isEmpty()) {
            list.refuse(
                    "no directory is named", "leave it out to get the usual ones: " + String.join(", ", DIRECTORIES));
        }
        return list.noted(paths);
    }

    private static List<Path> texts(List<?> usual) {
        return usual.stream().map(String.class::cast).map(Path::of).toList();
    }
}
