package dev.nbroot.lab;

import java.util.List;

/**
 * What kind of machine QEMU plays.
 *
 * @param memoryMib its memory in MiB
 * @param accelerator QEMU's {@code accel=}: {@code kvm} or {@code tcg}
 */
public record MachineType(int memoryMib, String accelerator) {

    /** {@return the words that describe the machine to qemu-system-x86_64} */
    List<String> words() {
        return List.of(
                // Without graphics SeaBIOS and the boot ROM talk on the serial line.
                "-machine",
                "pc,graphics=off,accel=" + accelerator,
                "-cpu",
                accelerator.equals("kvm") ? "host" : "qemu64",
                "-m",
                Integer.toString(memoryMib),
                "-display",
                "none",
                "-monitor",
                "none",
                "-no-user-config",
                "-nodefaults",
                "-device",
                "virtio-rng-pci");
    }
}
