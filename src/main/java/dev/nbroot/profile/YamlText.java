package dev.nbroot.profile;

import dev.nbroot.profile.YamlValue.Entry;
import dev.nbroot.profile.YamlValue.Kind;
import dev.nbroot.profile.YamlValue.Mapping;
import dev.nbroot.profile.YamlValue.Scalar;
import dev.nbroot.profile.YamlValue.Sequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/** Turns YAML 1.1 text into {@link YamlValue}s; what is not plain YAML (tags, merge keys, loops) is a problem. */
final class YamlText {
    /** Aliases of aliases grow without bound ("billion laughs"); no honest profile has so many values. */
    private static final int MAX_VALUES = 100_000;

    private static final Map<Tag, Kind> KINDS = Map.of(
            Tag.STR, Kind.TEXT,
            Tag.INT, Kind.NUMBER,
            Tag.FLOAT, Kind.NUMBER,
            Tag.BOOL, Kind.FLAG,
            Tag.TIMESTAMP, Kind.DATE,
            Tag.NULL, Kind.NOTHING,
            Tag.MERGE, Kind.TEXT);

    private final Function<Mark, Position> place;
    private final Problems problems;
    private final Deque<Node> path = new ArrayDeque<>();
    private int values;

    private YamlText(Function<Mark, Position> place, Problems problems) {
        this.place = place;
        this.problems = problems;
    }

    /** {@return the text of a file as a tree; nothing when it is empty or broken, which is a problem already told} */
    static YamlValue ofFile(String source, String text, Problems problems) {
        Function<Mark, Position> place = mark -> new Position(source, mark.getLine() + 1, mark.getColumn() + 1);
        return new YamlText(place, problems).parse(text, Position.startOf(source));
    }

    /** {@return the value of a {@code --set} option as a tree; nothing when it is empty or broken} */
    static YamlValue ofOption(Position option, String text, Problems problems) {
        return new YamlText(mark -> option, problems).parse(text, option);
    }

    private YamlValue parse(String text, Position start) {
        YamlValue nothing = new Scalar(start, Kind.NOTHING, "");
        LoaderOptions limits = new LoaderOptions();
        limits.setCodePointLimit(ProfileFiles.MAX_BYTES);
        try {
            Node node = new Composer(new ParserImpl(new StreamReader(text), limits), new Resolver(), limits)
                    .getSingleNode();
            return node == null ? nothing : value(node);
        } catch (ReaderException e) {
            problems.add(
                    lineOf(text, e.getPosition(), start),
                    String.format("not valid YAML: the character U+%04X is not allowed", e.getCodePoint()),
                    "remove it, or write it as an escape in double quotes");
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
            problems.add(
                    mark == null ? start : place.apply(mark),
                    "not valid YAML: " + problem(e),
                    YamlHint.forProblem("" + e.getContext(), "" + e.getProblem()));
        } catch (YAMLException e) {
            problems.add(start, "not valid YAML: " + e.getMessage(), "make it smaller or less nested");
        }
        return nothing;
    }

    /** SnakeYAML names undefined aliases and tags: with {@code passwd: *secret} that would show the secret. */
    private static String problem(MarkedYAMLException e) {
        String what = e.getProblem() == null
                ? "it ends too early"
                : e.getProblem().strip().replaceFirst("^but ", "");
        if (what.startsWith("found undefined")) {
            return what.contains("alias") ? "found an alias that nothing defines" : "found an undefined tag handle";
        }
        int remark = what.indexOf(". (");
        return remark > 0 ? what.substring(0, remark) : what;
    }

    private Position lineOf(String text, int index, Position start) {
        String before = text.substring(0, Math.min(text.offsetByCodePoints(0, index), text.length()));
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        int column = before.length() - before.lastIndexOf('\n');
        return start.line() == 0 ? start : new Position(start.source(), line, column);
    }

    private YamlValue value(Node node) {
        Position at = place.apply(node.getStartMark());
        values++;
        if (path.contains(node)) {
            throw new YAMLException("an alias contains itself");
        }
        if (values > MAX_VALUES) {
            throw new YAMLException("more than " + MAX_VALUES + " values");
        }
        path.push(node);
        YamlValue value = node instanceof MappingNode map
                ? mapping(at, map)
                : node instanceof SequenceNode list ? sequence(at, list) : scalar(at, (ScalarNode) node);
        path.pop();
        return value;
    }

    private Scalar scalar(Position at, ScalarNode node) {
        Kind kind = KINDS.get(node.getTag());
        if (kind == null) {
            refuseTag(at, node);
            kind = Kind.TEXT;
        }
        return new Scalar(at, kind, node.getValue());
    }

    private Sequence sequence(Position at, SequenceNode node) {
        if (!node.getTag().equals(Tag.SEQ)) {
            refuseTag(at, node);
        }
        List<YamlValue> items = new ArrayList<>();
        for (Node item : node.getValue()) {
            items.add(value(item));
        }
        return new Sequence(at, List.copyOf(items));
    }

    private Mapping mapping(Position at, MappingNode node) {
        if (!node.getTag().equals(Tag.MAP)) {
            refuseTag(at, node);
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            Position keyAt = place.apply(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(keyAt, "a key must be text", "a value that begins with { or [ needs quotes");
                continue;
            }
            if (key.getTag().equals(Tag.MERGE)) {
                problems.add(keyAt, "the merge key << is not known here", "use include: to share parts of profiles");
                continue;
            }
            Entry entry = new Entry(keyAt, value(tuple.getValueNode()));
            Entry earlier = entries.putIfAbsent(key.getValue(), entry);
            if (earlier != null) {
                problems.add(
                        keyAt,
                        "the key \"" + key.getValue() + "\" is given twice",
                        "it is on line " + earlier.keyAt().line() + " already; merge the two");
            }
        }
        return new Mapping(at, entries);
    }

    /** The tag is not shown: with {@code passwd: !secret} it would be the secret. */
    private void refuseTag(Position at, Node node) {
        problems.add(
                at,
                "YAML tags are not known here",
                node.getTag().equals(Tag.BINARY)
                        ? "write the text and encoding: b64"
                        : "a value that begins with ! needs quotes");
    }
}
