package dev.nbroot.stage;

import dev.nbroot.system.MacAddress;
import java.util.List;
import java.util.Optional;

/**
 * What one machine, or any machine nobody knows, is offered.
 *
 * @param machine whose menu it is; absent for the default menu
 * @param serial where the boot loader talks beside the screen
 * @param remarks lines for the screen, printable ASCII; PXELINUX 6 turns its serial line on only after it has read the
 *     whole configuration, so they are not seen there
 * @param entries what there is to boot; the first one starts by itself
 * @param patience for how many seconds the boot loader waits at its prompt before it starts the first entry; 0 means
 *     that it starts at once and shows no prompt
 */
public record BootMenu(
        Optional<MacAddress> machine,
        Optional<SerialPort> serial,
        List<String> remarks,
        List<BootEntry> entries,
        int patience) {
    /** Copies the lists and checks that there is something to boot. */
    public BootMenu {
        remarks = List.copyOf(remarks);
        entries = List.copyOf(entries);
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("a menu without an entry");
        }
    }

    /** {@return the entries that are kernels} */
    public List<BootEntry.Linux> kernels() {
        return entries.stream()
                .filter(BootEntry.Linux.class::isInstance)
                .map(BootEntry.Linux.class::cast)
                .toList();
    }
}
