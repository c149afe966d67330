package dev.nbroot.release;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The words of a kernel command line that make a machine fetch its root as one file and hold it in memory. The initrd
 * has a script of nbroot's that reads them.
 *
 * @param server the server's IPv4 address
 * @param httpPort where it has HTTP; absent: the file comes by TFTP only, which is slower. Machines fall back to TFTP by
 *     themselves
 * @param path of the file in the boot tree
 * @param sha256 of the file: nothing else is booted, wherever it came from
 * @param size in bytes, by which a machine knows whether it has the memory before it begins
 */
public record MemoryRoot(String server, OptionalInt httpPort, String path, String sha256, long size) {
    private static final int STANDARD_PORT = 80;

    /**
     * {@return the words for a generator}
     *
     * @param fixed the machine's address; absent: it asks DHCP
     */
    public List<String> words(InitrdGenerator generator, Optional<ClientAddress> fixed) {
        List<String> words = new ArrayList<>();
        switch (generator) {
            // initramfs-tools(7): boot= names the script that mounts the root.
            case INITRAMFS_TOOLS -> words.add("boot=nbroot");
            // What is before the colon names the program that mounts the root when the network is there.
            case DRACUT -> words.addAll(List.of("root=nbroot:image", "rd.neednet=1", "rd.bootif=0", "rd.retry=86400"));
        }
        words.add(new InitrdAddress(server).word(generator, fixed));
        httpPort.ifPresent(port ->
                words.add("nbroot.image=http://" + server + (port == STANDARD_PORT ? "" : ":" + port) + "/" + path));
        words.add("nbroot.image=tftp://" + server + "/" + path);
        words.add("nbroot.image.sha256=" + sha256);
        words.add("nbroot.image.size=" + size);
        return words;
    }
}
