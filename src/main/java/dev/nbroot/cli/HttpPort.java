package dev.nbroot.cli;

import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The value of {@code --http-port}.
 *
 * @param number absent for {@code off}
 */
record HttpPort(OptionalInt number) {
    /** Reads it. */
    static final class Converter implements ITypeConverter<HttpPort> {
        @Override
        public HttpPort convert(String text) {
            if (text.equals("off")) {
                return new HttpPort(OptionalInt.empty());
            }
            if (!text.matches("[0-9]{1,5}")) {
                throw new TypeConversionException("'" + text + "' is neither a port's number nor 'off'");
            }
            return new HttpPort(OptionalInt.of(Integer.parseInt(text)));
        }
    }
}
