package dev.nbroot.profile;

import java.util.List;

/**
 * How a machine boots the root.
 *
 * <pre>{@code
 * boot:
 *   mode: stateless                      # for a machine without a client entry
 *   console: [tty0, "ttyS0,115200"]
 *   cmdline: [quiet]
 * }</pre>
 *
 * @param mode what a machine without a client entry gets
 * @param console for the kernel's {@code console=}; the last one is {@code /dev/console}
 * @param cmdline further words for the kernel, none of those that nbroot itself writes
 */
public record Boot(Mode mode, List<Console> console, List<String> cmdline) {

    /** Copies the lists. */
    public Boot {
        console = List.copyOf(console);
        cmdline = List.copyOf(cmdline);
    }

    /** How a client uses its root. */
    public enum Mode {
        /** An own copy-on-write view. */
        PERSISTENT("persistent"),
        /** Read-only, with a tmpfs overlay in the client. */
        STATELESS("stateless"),
        /** One writable tree, guarded to one live client. */
        SHARED("shared"),
        /** A squashfs held in RAM. */
        TORAM("toram");

        private final String word;

        Mode(String word) {
            this.word = word;
        }

        /** {@return the word used in a profile} */
        public String word() {
            return word;
        }
    }

    /**
     * A console (kernel Documentation/admin-guide/serial-console.rst).
     *
     * @param device as in {@code ttyS0}
     * @param options speed, parity and bits, as in {@code 115200n8}; or empty
     */
    public record Console(String device, String options) {

        /** {@return the value for the kernel's {@code console=}} */
        public String argument() {
            return options.isEmpty() ? device : device + "," + options;
        }

        /** {@return whether it is a serial line or a hypervisor's, not a screen} */
        public boolean isSerial() {
            return !device.matches("tty[0-9]+");
        }
    }
}
