package dev.nbroot.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What kind of machine QEMU plays.
 *
 * @param memoryMib its memory in MiB
 * @param accelerator QEMU's {@code accel=}: {@code kvm} or {@code tcg}
 * @param disk a file that is its disk as it is, byte by byte; absent for a diskless machine
 */
public record MachineType(int memoryMib, String accelerator, Optional<Path> disk) {
    /** A diskless machine. */
    public MachineType(int memoryMib, String accelerator) {
        this(memoryMib, accelerator, Optional.empty());
    }

    /** {@return the same machine with a disk, from which it does not boot} */
    public MachineType with(Path image) {
        return new MachineType(memoryMib, accelerator, Optional.of(image));
    }

    /** {@return the words that describe the machine to qemu-system-x86_64} */
    List<String> words() {
        List<String> words = new ArrayList<>(List.of(
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
                "virtio-rng-pci"));
        disk.ifPresent(image -> words.addAll(List.of(
                "-drive", "if=virtio,format=raw,file=" + image.toString().replace(",", ",,"))));
        return words;
    }
}
