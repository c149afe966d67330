package dev.nbroot.profile;

import dev.nbroot.profile.YamlValue.Kind;
import dev.nbroot.profile.YamlValue.Scalar;
import java.util.Optional;

/** Decodes {@code swap}. */
final class SwapDecoder {
    private static final Shape SIZE = Shape.of(
            "a size for zram",
            "([1-9][0-9]?|1[0-9][0-9]|200)%|[1-9][0-9]{0,5}[MG]",
            "write a part of the memory up to 200%, as in 50%, or a size as in 2G");

    static final Form.Block FORM = Form.block(Key.of(
            "zram",
            Form.text(SIZE),
            "A compressed device in memory: a part of the machine's memory as in 50%, or a size as in 2G."));

    private SwapDecoder() {}

    static Swap decode(Fields fields) {
        Swap swap = new Swap(fields.at("zram").flatMap(SwapDecoder::zram).map(Size::parse));
        fields.end();
        return swap;
    }

    private static Optional<String> zram(Cursor value) {
        if (value.value() instanceof Scalar scalar && scalar.kind() == Kind.NUMBER) {
            value.refuse("a number alone is no size", SIZE.hint());
            return Optional.empty();
        }
        return value.text();
    }
}
