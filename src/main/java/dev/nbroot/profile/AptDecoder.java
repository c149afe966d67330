package dev.nbroot.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decodes {@code apt}. */
final class AptDecoder {
    /** Debian debconf specification, "Types". */
    private static final List<String> TYPES =
            List.of("string", "boolean", "select", "multiselect", "note", "text", "password", "title", "error");

    private static final List<String> SCHEMES = List.of("http", "https");

    private static final Shape DEBCONF = Shape.of(
            "lines for debconf-set-selections",
            "([ \\t]*(#[^\\n]*|[^\\s#]\\S*[ \\t]+\\S+[ \\t]+(" + String.join("|", TYPES)
                    + ")([ \\t][^\\n]*)?)?(\\r?\\n|$))*",
            "write PACKAGE QUESTION TYPE VALUE, the type one of " + String.join(", ", TYPES));

    static final Form.Block FORM = Form.block(
            Key.flag("install_recommends", false, "Whether recommended packages are installed too."),
            Key.of(
                    "http_proxy",
                    Form.text(WebAddress.shape(SCHEMES)),
                    "For apt while building; never left in the root."),
            Key.of(
                    "sources",
                    new Form.Names(AptSourceDecoder.FORM, false),
                    "Further archives; each entry's name becomes its file's name."),
            Key.of(
                    "debconf_selections",
                    new Form.Names(Form.text(DEBCONF), true),
                    "Answers given before packages are configured, as lines for debconf-set-selections."));

    private AptDecoder() {}

    static Apt decode(Fields fields, String suite) {
        Apt apt = new Apt(
                fields.flag("install_recommends"),
                fields.at("http_proxy").flatMap(value -> WebAddress.of(value, SCHEMES)),
                sources(fields.map("sources"), suite),
                fields.at("debconf_selections").map(AptDecoder::debconf).orElse(List.of()));
        fields.end();
        return apt;
    }

    private static List<AptSource> sources(Fields fields, String suite) {
        List<AptSource> sources = new ArrayList<>();
        Map<String, String> files = new HashMap<>();
        for (String name : fields.keys()) {
            Optional<Cursor> value = fields.at(name);
            if (value.isEmpty()) {
                fields.missing(name, "give it a source: line");
            }
            value.flatMap(one -> AptSourceDecoder.decode(one, name, suite)).ifPresent(source -> {
                String earlier = files.putIfAbsent(source.filename(), name);
                if (earlier != null) {
                    value.get()
                            .refuse(
                                    "the file name " + source.filename() + " belongs to \"" + earlier + "\" already",
                                    "give it a filename: of its own");
                }
                sources.add(source);
            });
        }
        return sources;
    }

    private static List<DebconfSelection> debconf(Cursor block) {
        List<DebconfSelection> selections = new ArrayList<>();
        Fields fields = block.fields();
        for (String name : fields.keys()) {
            fields.at(name)
                    .ifPresent(value -> value.plain().ifPresent(text -> {
                        for (String line : text.lines().map(String::strip).toList()) {
                            if (!line.isEmpty() && !line.startsWith("#")) {
                                block.decoding()
                                        .note(
                                                block.path() + "[" + selections.size() + "]",
                                                value.value().at());
                                selection(value, line).ifPresent(selections::add);
                            }
                        }
                    }));
        }
        return selections;
    }

    private static Optional<DebconfSelection> selection(Cursor value, String line) {
        String[] words = line.split("\\s+", 4);
        if (words.length < 3 || !TYPES.contains(words[2])) {
            value.refuse("this is not a line for debconf-set-selections", DEBCONF.hint());
            return Optional.empty();
        }
        return Optional.of(new DebconfSelection(words[0], words[1], words[2], words.length > 3 ? words[3] : ""));
    }
}
