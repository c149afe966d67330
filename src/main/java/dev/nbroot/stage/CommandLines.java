package dev.nbroot.stage;

import dev.nbroot.release.ClientAddress;
import dev.nbroot.release.InitrdGenerator;
import dev.nbroot.release.MemoryRoot;
import dev.nbroot.release.NfsRoot;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.KeptDirectories;
import dev.nbroot.state.SharedTree;
import dev.nbroot.state.StageSettings;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.system.Ipv4Address;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Makes kernel command lines, and refuses what one cannot carry. */
final class CommandLines {
    /**
     * The kernel splits at blanks; nfsroot= splits at the first colon and at commas; quotes, backslashes and {@code %}
     * mean something on the way. So only what needs no quoting anywhere.
     */
    private static final Pattern PLAIN_PATH = Pattern.compile("/[A-Za-z0-9_@+=~./-]*");

    private static final Pattern PLAIN_WORD = Pattern.compile("[!-~]+");

    /**
     * A machine that forgets everything would at every boot make anew what systemd makes once after an update of /usr
     * (the catalog of the journal, the cache of the linker), in its memory; the packages have made it already.
     */
    private static final List<String> STATELESS = List.of("nbroot.overlay=tmpfs", "systemd.condition_needs_update=0");

    private final StateDirectory state;
    private final Ipv4Address server;
    private final int nfsPort;
    private final OptionalInt httpPort;

    CommandLines(StateDirectory state, Ipv4Address server, int nfsPort, OptionalInt httpPort) {
        this.state = state;
        this.server = server;
        this.nfsPort = nfsPort;
        this.httpPort = httpPort;
    }

    /** For a machine that nobody knows: the generation itself, read-only, below a tmpfs. */
    List<String> unknown(StagedGeneration staged) {
        if (staged.isShared()) {
            return shared(staged);
        }
        List<String> words = new ArrayList<>(
                staged.isForMemory()
                        ? memory(staged, Optional.empty())
                        : root(staged, staged.generation().tree(), false, Optional.empty()));
        words.addAll(STATELESS);
        return withBoot(words, staged);
    }

    /** For whichever machine it is whose turn it is: a tree of its own, which the initrd says something about. */
    private List<String> shared(StagedGeneration staged) {
        String root = staged.generation().root();
        Path path = state.client(SharedTree.card(root)).resolve("root");
        List<String> words = new ArrayList<>(root(staged, path, true, Optional.empty()));
        words.add("nbroot.shared=" + root);
        return withBoot(words, staged);
    }

    /** For a client. */
    List<String> client(ClientRecord client, StagedGeneration staged) {
        boolean persistent = client.mode() == ClientMode.PERSISTENT;
        Path path = persistent
                ? state.client(client.mac()).resolve("root")
                : staged.generation().tree();
        List<String> words = new ArrayList<>(
                client.mode() == ClientMode.TORAM
                        ? memory(staged, fixed(client))
                        : root(staged, path, persistent, fixed(client)));
        if (!persistent) {
            words.addAll(STATELESS);
            words.add("systemd.hostname=" + client.hostname());
            words.add("systemd.machine_id=" + client.machineId());
            if (client.mode() == ClientMode.STATELESS
                    && !KeptDirectories.wantedBy(staged.manifest()).isEmpty()) {
                words.add(kept(client));
            }
        }
        return withBoot(words, staged);
    }

    /** Which directories they are the initrd reads in the root. */
    private String kept(ClientRecord client) {
        Path top = new KeptDirectories(state).top(client.mac());
        requireCarriable(top);
        return "nbroot.persist=" + server + ":" + top
                + (nfsPort == StageSettings.STANDARD_NFS_PORT ? "" : ",port=" + nfsPort);
    }

    /** Without its network's size an address is the DHCP server's affair. */
    private static Optional<ClientAddress> fixed(ClientRecord client) {
        if (client.address().isEmpty() || client.prefix().isEmpty()) {
            return Optional.empty();
        }
        Ipv4Address mask = new Ipv4Address(-1 << (32 - client.prefix().getAsInt()));
        return Optional.of(new ClientAddress(client.address().get(), mask.toString(), client.hostname()));
    }

    static void requireCarriable(Path path) {
        if (!PLAIN_PATH.matcher(path.toString()).matches()) {
            throw Failure.of(
                    FailureKind.INVALID_INPUT,
                    "a kernel command line cannot carry the path " + path,
                    "use a --state directory whose path has only letters, digits and _ @ + = ~ . / -");
        }
    }

    private List<String> root(StagedGeneration staged, Path path, boolean writable, Optional<ClientAddress> fixed) {
        requireCarriable(path);
        return new NfsRoot(server.toString(), path, writable, nfsPort).words(generator(staged), fixed);
    }

    private List<String> memory(StagedGeneration staged, Optional<ClientAddress> fixed) {
        BootImage image = staged.image()
                .orElseThrow(() -> new IllegalStateException(
                        staged.generation().label() + " was planned for memory without an image"));
        String path = staged.imagePath().toString();
        return new MemoryRoot(server.toString(), httpPort, path, image.sha256(), image.size())
                .words(generator(staged), fixed);
    }

    private static InitrdGenerator generator(StagedGeneration staged) {
        String word = staged.manifest().generator();
        return InitrdGenerator.named(word)
                .orElseThrow(() -> Failure.of(
                        FailureKind.INVALID_INPUT,
                        staged.generation().label() + " has an initrd made by '" + word
                                + "', which this nbroot cannot boot",
                        "build it again with this nbroot: nbroot build PROFILE.yaml --fresh"));
    }

    private static List<String> withBoot(List<String> words, StagedGeneration staged) {
        staged.manifest().boot().console().forEach(console -> words.add("console=" + console));
        for (String part : staged.manifest().boot().cmdline()) {
            words.addAll(Arrays.asList(part.strip().split(" +")));
        }
        words.removeIf(String::isEmpty);
        for (String word : words) {
            // A second initrd= would replace the one of the generation: PXELINUX takes the last.
            if (!PLAIN_WORD.matcher(word).matches() || word.startsWith("initrd=")) {
                throw Failure.of(
                        FailureKind.INVALID_INPUT,
                        "the boot.cmdline or boot.console of "
                                + staged.generation().label() + " has a word that a boot loader's file cannot carry: '"
                                + printable(word) + "'",
                        "change it in the profile, then build and stage again");
            }
        }
        return words;
    }

    private static String printable(String word) {
        return word.replaceAll("[^ -~]", "?");
    }
}
