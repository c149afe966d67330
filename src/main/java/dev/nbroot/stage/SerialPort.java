package dev.nbroot.stage;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The serial line that a boot loader talks on beside the screen.
 *
 * @param number 0 for {@code ttyS0}, up to 3: boot loaders know the BIOS's four ports only
 * @param baud the speed in bit/s
 */
public record SerialPort(int number, int baud) {
    /** The kernel's form: {@code ttyS0}, {@code ttyS0,115200}, {@code ttyS0,115200n8} (Documentation/admin-guide/serial-console.rst). */
    private static final Pattern CONSOLE = Pattern.compile("ttyS([0-3])(?:,([0-9]{2,6})(?:n8?r?)?)?");

    private static final int KERNEL_DEFAULT_BAUD = 9600;
    private static final int FASTEST = 115_200;

    /**
     * Finds the port among kernel consoles.
     *
     * @param consoles values of {@code console=}
     * @return the last serial one that a boot loader can use: 8 data bits, no parity, a speed that divides 115200
     */
    static Optional<SerialPort> among(List<String> consoles) {
        Optional<SerialPort> found = Optional.empty();
        for (String console : consoles) {
            Matcher matcher = CONSOLE.matcher(console);
            if (matcher.matches()) {
                int baud = matcher.group(2) == null ? KERNEL_DEFAULT_BAUD : Integer.parseInt(matcher.group(2));
                if (baud > 0 && FASTEST % baud == 0) {
                    found = Optional.of(new SerialPort(Integer.parseInt(matcher.group(1)), baud));
                }
            }
        }
        return found;
    }
}
