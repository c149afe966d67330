package dev.nbroot.lab;

import dev.nbroot.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out whether QEMU can use the processor's own virtualisation. */
public final class Accelerator {
    private static final Path KVM = Path.of("/dev/kvm");
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    private Accelerator() {}

    /**
     * {@return {@code kvm} or {@code tcg}}
     *
     * <p>A processor without vmx or svm may still offer /dev/kvm (PVM does), but BIOS guests reset under it.
     */
    public static String best() {
        try {
            boolean hardware = Files.readAllLines(PROCESSORS).stream()
                    .anyMatch(line -> line.startsWith("flags") && line.matches(".*\\b(vmx|svm)\\b.*"));
            return hardware && Files.isWritable(KVM) ? "kvm" : "tcg";
        } catch (IOException e) {
            throw Failure.io("read", PROCESSORS, e);
        }
    }
}
