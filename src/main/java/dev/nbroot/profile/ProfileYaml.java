package dev.nbroot.profile;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.emitter.Emitter;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;
import org.yaml.snakeyaml.serializer.Serializer;

/** Trees of maps, lists, texts, numbers and flags as YAML 1.1 for people: short lists on one line, long texts as blocks. */
final class ProfileYaml {
    private static final int SHORT_LIST = 80;

    private ProfileYaml() {}

    static String text(Map<String, Object> tree) {
        DumperOptions options = new DumperOptions();
        options.setSplitLines(false);
        options.setIndent(2);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        StringWriter text = new StringWriter();
        try {
            Serializer serializer = new Serializer(new Emitter(text, options), new Resolver(), options, null);
            serializer.open();
            serializer.serialize(node(tree));
            serializer.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be written to", e);
        }
        return text.toString();
    }

    private static Node node(Object value) {
        if (value instanceof Map<?, ?> map) {
            List<NodeTuple> tuples = new ArrayList<>();
            map.forEach((key, inner) -> tuples.add(new NodeTuple(scalar(Tag.STR, (String) key), node(inner))));
            return new MappingNode(Tag.MAP, tuples, tuples.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
        }
        if (value instanceof List<?> list) {
            List<Node> items = list.stream().map(ProfileYaml::node).toList();
            return new SequenceNode(Tag.SEQ, items, isShort(items) ? FlowStyle.FLOW : FlowStyle.BLOCK);
        }
        if (value instanceof Boolean) {
            return scalar(Tag.BOOL, value.toString());
        }
        return scalar(value instanceof Long ? Tag.INT : Tag.STR, value.toString());
    }

    private static boolean isShort(List<Node> items) {
        int length = 0;
        for (Node item : items) {
            if (!(item instanceof ScalarNode scalar) || scalar.getValue().contains("\n")) {
                return false;
            }
            length += scalar.getValue().length() + 2;
        }
        return length <= SHORT_LIST;
    }

    /** The emitter quotes what YAML would take for something else than text. */
    private static ScalarNode scalar(Tag tag, String text) {
        return new ScalarNode(tag, text, null, null, style(text));
    }

    /** In a block, a line end other than {@code \n} would become one (YAML 1.1, section 4.2.2). */
    private static ScalarStyle style(String text) {
        if (!text.contains("\n")) {
            return ScalarStyle.PLAIN;
        }
        return text.chars().noneMatch(c -> c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029)
                ? ScalarStyle.LITERAL
                : ScalarStyle.DOUBLE_QUOTED;
    }
}
