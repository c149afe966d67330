package dev.nbroot.build;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Files as a kernel's package and its initrd generator leave them, small. */
public final class SampleKernel {
    private static final List<String> MODULES = List.of("nfs", "nfsv3", "sunrpc", "lockd", "overlay", "af_packet");
    private static final int SETUP_SECTORS = 7;
    private static final int PARAGRAPHS = 32;

    private SampleKernel() {}

    /** {@return a bzImage that tells a version; the fields are those of boot.rst} */
    public static byte[] vmlinuz(String version) {
        ByteBuffer file =
                ByteBuffer.allocate((SETUP_SECTORS + 1) * 512 + PARAGRAPHS * 16).order(ByteOrder.LITTLE_ENDIAN);
        file.put(0x1f1, (byte) SETUP_SECTORS);
        file.putInt(0x1f4, PARAGRAPHS);
        file.put(0x202, "HdrS".getBytes(StandardCharsets.US_ASCII));
        file.putShort(0x20e, (short) 0x500);
        file.putShort(0x236, (short) 1);
        file.put(0x700, (version + " (me@there) #1 SMP").getBytes(StandardCharsets.US_ASCII));
        return file.array();
    }

    /** {@return the lines of modules.dep} */
    public static List<String> modules() {
        return MODULES.stream().map(name -> "kernel/" + name + ".ko:").toList();
    }

    /** {@return what an initrd of initramfs-tools must have} */
    public static List<String> names(String version) {
        List<String> names = new ArrayList<>(
                List.of("usr/bin/nfsmount", "usr/bin/ipconfig", "scripts/nfs", "scripts/nfs-bottom/nbroot-overlay"));
        MODULES.forEach(name -> names.add("usr/lib/modules/" + version + "/kernel/" + name + ".ko"));
        return names;
    }

    /** {@return an archive of cpio's format newc that is not packed} */
    public static byte[] initrd(List<String> names) {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        names.forEach(name -> entry(archive, name, "content of " + name));
        entry(archive, "TRAILER!!!", "");
        archive.writeBytes(new byte[512 - archive.size() % 512]);
        return archive.toByteArray();
    }

    private static void entry(ByteArrayOutputStream archive, String name, String content) {
        String fields = "00000001".repeat(6) + String.format("%08x", content.length()) + "00000000".repeat(4)
                + String.format("%08x", name.length() + 1) + "00000000";
        archive.writeBytes(("070701" + fields + name + "\0").getBytes(StandardCharsets.US_ASCII));
        pad(archive);
        archive.writeBytes(content.getBytes(StandardCharsets.US_ASCII));
        pad(archive);
    }

    private static void pad(ByteArrayOutputStream archive) {
        while (archive.size() % 4 != 0) {
            archive.write(0);
        }
    }
}
