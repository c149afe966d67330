package dev.nbroot.lab;

import dev.nbroot.report.Failure;
import dev.nbroot.system.Commands;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.Namespaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A diskless QEMU machine whose firmware boots from the network. Closing it pulls the plug. */
public final class VirtualMachine implements AutoCloseable {
    /** Of ECMA-48: control sequences and the strings that systemd 257 and later send to the terminal (OSC, DCS). */
    private static final Pattern CONTROL = Pattern.compile("\u001b\\[[0-9;?!]*[A-Za-z]|\u001b[()][A-Z0-9]"
            + "|\u001b[\\]P][^\u0007\u001b]*(\u0007|\u001b\\\\)|\u001b[c78]|\r|\u0000");

    private final Commands.Running qemu;
    private final Path serial;
    private final List<String> complaints;

    private VirtualMachine(Commands.Running qemu, Path serial, List<String> complaints) {
        this.qemu = qemu;
        this.serial = serial;
        this.complaints = complaints;
    }

    static VirtualMachine start(
            Commands commands,
            Namespaces.Namespace namespace,
            MacAddress mac,
            String tap,
            Path serial,
            MachineType type) {
        List<String> argv = new ArrayList<>(List.of("qemu-system-x86_64"));
        argv.addAll(type.words());
        argv.addAll(List.of(
                "-netdev",
                "tap,id=n0,ifname=" + tap + ",script=no,downscript=no",
                "-device",
                "virtio-net-pci,netdev=n0,bootindex=0,mac=" + mac.colons(),
                "-chardev",
                "file,id=c0,path=" + serial.toString().replace(",", ",,"),
                "-serial",
                "chardev:c0"));
        List<String> complaints = new ArrayList<>();
        return new VirtualMachine(
                commands.start(namespace.inside(Invocation.of(argv)), complaints::add), serial, complaints);
    }

    /** {@return everything the machine has said on its serial line, without terminal control} */
    public String serialText() {
        try {
            return Files.exists(serial)
                    ? CONTROL.matcher(Files.readString(serial, StandardCharsets.ISO_8859_1))
                            .replaceAll("")
                    : "";
        } catch (IOException e) {
            throw Failure.io("read the serial log", serial, e);
        }
    }

    /** {@return the last lines of the serial line, or what QEMU said when it did not start} */
    public List<String> lastLines(int count) {
        List<String> lines =
                serialText().lines().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty()
                ? List.copyOf(complaints)
                : lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    /** {@return whether the machine is on} */
    public boolean isOn() {
        return qemu.isAlive();
    }

    /** {@return whether the machine switched itself off within the time} */
    public boolean awaitOff(Duration atMost) {
        return qemu.waitFor(atMost.toMillis());
    }

    @Override
    public void close() {
        qemu.close();
    }
}
