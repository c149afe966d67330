package dev.nbroot.command;

import dev.nbroot.build.OwnKernelCheck;
import dev.nbroot.client.LayeredView;
import dev.nbroot.client.ViewFile;
import dev.nbroot.client.ViewKernels;
import dev.nbroot.release.BootContract;
import dev.nbroot.release.KernelVersions;
import dev.nbroot.release.Release;
import dev.nbroot.report.Event;
import dev.nbroot.report.Events;
import dev.nbroot.report.Failure;
import dev.nbroot.stage.OwnKernel;
import dev.nbroot.state.ClientKernel;
import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import dev.nbroot.state.Generation;
import dev.nbroot.state.Manifest;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.MacAddress;
import dev.nbroot.system.PosixFiles;
import dev.nbroot.system.StateLock;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the kernel that Debian's own boot loaders would start of a machine's view: the newest that the machine has
 * installed, unless its generation's is newer. What would not bring the machine up again is passed over, and said once.
 */
public final class InstalledKernels implements OwnKernels {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MOST_TEXTS = 1024;

    private final StateDirectory state;
    private final StateFiles files;
    private final PosixFiles posix;
    private final OwnKernelCheck check;
    private final BootContract releases;
    private final CopyAllowance allowance;
    private final Events events;
    /** What was passed over, by machine and version; as long as its files are the same it need not be looked at again. */
    private final Map<String, String> passedOver = new ConcurrentHashMap<>();

    private final Map<String, String> told = new ConcurrentHashMap<>();
    /** What will pass, by machine: a version and what there is to say of it. */
    private final Map<MacAddress, Map.Entry<String, String>> untold = new ConcurrentHashMap<>();

    /** Looks at the machines of one state directory. */
    public InstalledKernels(
            StateDirectory state, PosixFiles posix, OwnKernelCheck check, BootContract releases, Events events) {
        this(state, posix, check, releases, new CopyAllowance(System::nanoTime), events);
    }

    InstalledKernels(
            StateDirectory state,
            PosixFiles posix,
            OwnKernelCheck check,
            BootContract releases,
            CopyAllowance allowance,
            Events events) {
        this.allowance = allowance;
        this.state = state;
        this.files = new StateFiles(state);
        this.posix = posix;
        this.check = check;
        this.releases = releases;
        this.events = events;
    }

    /** {@return what is another text when the machine may boot another kernel now than when it was asked last; quick} */
    String stamp(ClientRecord client) {
        try (LayeredView view = LayeredView.open(posix, state, client)) {
            ViewKernels kernels = new ViewKernels(view);
            List<String> own = kernels.own();
            boolean none = own.isEmpty() && files.kernel(client).isEmpty();
            return none ? "" : client.created() + "\n" + kernels.stamp(own);
        }
    }

    @Override
    public boolean look(ClientRecord client) {
        if (client.mode() != ClientMode.PERSISTENT
                || !Files.isWritable(state.client(client.mac()).resolve("upper"))) {
            // Or a user looks who may only read: what was noted stays.
            return false;
        }
        StateLock lock =
                StateLock.await(state.lock("kernel-" + client.mac()), "the kernel of " + client.hostname(), PATIENCE);
        try (LayeredView view = LayeredView.open(posix, state, client)) {
            Optional<ClientKernel> before = files.kernel(client);
            Optional<ClientKernel> now = choose(client, new ViewKernels(view), before);
            if (!now.equals(before)) {
                files.write(client, now);
            }
            if (now.map(ClientKernel::id).equals(before.map(ClientKernel::id))) {
                return false;
            }
            Generation generation = generation(client);
            tell(
                    Event.Level.INFO,
                    client,
                    now.map(own -> "boots " + own.version() + ", which it has installed itself")
                            .orElse("boots the kernel of " + generation.label() + " again"));
            return true;
        } finally {
            lock.close();
        }
    }

    /** Machines name their versions as they like, and ever new ones. */
    private static void forgetIfMany(Map<String, String> texts) {
        if (texts.size() >= MOST_TEXTS) {
            texts.clear();
        }
    }

    /** Says of a machine that boots now what was expected to pass, and has not. */
    void remind(ClientRecord client) {
        Map.Entry<String, String> left = untold.remove(client.mac());
        if (left != null) {
            once(client, left.getKey(), left.getValue());
        }
    }

    private Generation generation(ClientRecord client) {
        return state.generation(client.root(), client.generation());
    }

    private Optional<ClientKernel> choose(ClientRecord client, ViewKernels kernels, Optional<ClientKernel> before) {
        List<String> own = kernels.own();
        if (own.isEmpty()) {
            untold.remove(client.mac());
            return Optional.empty();
        }
        Manifest manifest = files.manifest(generation(client));
        List<String> candidates = new ArrayList<>(own);
        if (!candidates.contains(manifest.kernel())) {
            candidates.add(manifest.kernel());
        }
        candidates.sort(new KernelVersions().reversed());
        for (String version : candidates) {
            boolean generations = version.equals(manifest.kernel());
            if (generations && !own.contains(version) && kernels.hasModules(version)) {
                // An older one that the machine has, too, is not what a boot loader would take.
                return Optional.empty();
            }
            Optional<ClientKernel> kernel = usable(client, manifest, kernels, version, before);
            if (kernel.isPresent()) {
                return kernel;
            }
            if (generations && kernels.hasModules(version)) {
                return Optional.empty();
            }
        }
        if (!kernels.hasModules(manifest.kernel())) {
            once(
                    client,
                    manifest.kernel(),
                    "boots " + manifest.kernel() + " of its generation, whose modules it has removed; on the machine:"
                            + " apt-get install --reinstall linux-image-" + manifest.kernel());
        }
        return Optional.empty();
    }

    /** {@return a kernel that the machine can boot; of one that is being changed just now, what was noted before} */
    private Optional<ClientKernel> usable(
            ClientRecord client,
            Manifest manifest,
            ViewKernels kernels,
            String version,
            Optional<ClientKernel> before) {
        Optional<ViewFile> vmlinuz = kernels.vmlinuz(version);
        Optional<ViewFile> initrd = kernels.initrd(version);
        try {
            if (vmlinuz.isEmpty()) {
                // Removed: what is left of it is no kernel.
                return Optional.empty();
            }
            Optional<ClientKernel> noted = before.filter(one -> one.version().equals(version))
                    .filter(one -> kernels.hasModules(version) && isKept(client, one));
            if (noted.isPresent() && noted.get().stamp().equals(stamp(vmlinuz, initrd))) {
                return noted;
            }
            String key = client.mac() + " " + version;
            String stamp = kernels.stamp(List.of(version));
            if (stamp.equals(passedOver.get(key))) {
                return noted;
            }
            Found found = kernels.isUnfinished(version)
                    ? Found.notYet("dpkg has not finished installing it; if that stays so, on the machine:"
                            + " dpkg --configure -a")
                    : missing(manifest, kernels, version, initrd)
                            .map(Found::not)
                            .orElseGet(() ->
                                    copied(client, manifest, kernels, version, vmlinuz.get(), initrd.orElseThrow()));
            if (found.kernel().isPresent()) {
                untold.remove(client.mac());
                return found.kernel();
            }
            forgetIfMany(passedOver);
            passedOver.put(key, stamp);
            untold.remove(client.mac());
            String instead = noted.map(one -> "the " + version + " that it booted before")
                    .orElse(version.equals(manifest.kernel()) ? "as its generation does" : "another one");
            String text = "has the kernel " + version + ", but boots " + instead + ": " + found.why();
            if (found.passing()) {
                untold.put(client.mac(), Map.entry(version, text));
                tell(Event.Level.DETAIL, client, text);
            } else {
                once(client, version, text);
            }
            return noted;
        } finally {
            vmlinuz.ifPresent(ViewFile::close);
            initrd.ifPresent(ViewFile::close);
        }
    }

    private Release release(Manifest manifest) {
        return releases.find(manifest.suite()).orElseThrow();
    }

    private boolean isKept(ClientRecord client, ClientKernel kernel) {
        return new OwnKernel(kernel, state.kernels(client.mac()).resolve(kernel.id())).isReadable();
    }

    /**
     * A kernel that was copied, or why not.
     *
     * @param passing whether that is to be expected while something is being installed
     */
    private record Found(Optional<ClientKernel> kernel, String why, boolean passing) {
        static Found not(OwnKernelCheck.Objection objection) {
            return new Found(Optional.empty(), objection.why() + "; " + objection.hint(), false);
        }

        static Found notYet(String why) {
            return new Found(Optional.empty(), why, true);
        }
    }

    /** What can be said without a look into the files. */
    private Optional<OwnKernelCheck.Objection> missing(
            Manifest manifest, ViewKernels kernels, String version, Optional<ViewFile> initrd) {
        if (!kernels.hasModules(version)) {
            return Optional.of(new OwnKernelCheck.Objection(
                    "/lib/modules/" + version + "/modules.dep is missing",
                    "on the machine: apt-get install --reinstall linux-image-" + version + ", or depmod " + version));
        }
        if (initrd.isEmpty()) {
            return Optional.of(new OwnKernelCheck.Objection(
                    "/boot/initrd.img-" + version + " is missing",
                    "on the machine: " + OwnKernelCheck.making(version, manifest, release(manifest))));
        }
        return Optional.empty();
    }

    private Found copied(
            ClientRecord client,
            Manifest manifest,
            ViewKernels kernels,
            String version,
            ViewFile vmlinuz,
            ViewFile initrd) {
        String before = kernels.stamp(List.of(version));
        try (KernelCopy copy = KernelCopy.of(state, allowance, client, vmlinuz, initrd)) {
            OwnKernelCheck.Kernel kernel = new OwnKernelCheck.Kernel(
                    version, copy.vmlinuz(), copy.initrd(), kernels.modules(version), kernels.builtIn(version));
            Optional<OwnKernelCheck.Objection> objection =
                    check.objection(kernel, generation(client), manifest, release(manifest));
            if (objection.isPresent()) {
                return Found.not(objection.get());
            }
            if (!before.equals(kernels.stamp(List.of(version)))) {
                return Found.notYet("it was being changed while it was looked at; stage again in a moment");
            }
            String stamp = stamp(Optional.of(vmlinuz), Optional.of(initrd));
            return new Found(Optional.of(copy.publish(version, stamp, client.created())), "", false);
        } catch (KernelCopy.TooLarge e) {
            return Found.not(new OwnKernelCheck.Objection(e.getMessage(), "make it smaller"));
        } catch (IOException e) {
            throw Failure.io("copy the kernel of " + client.hostname() + " to", state.kernels(client.mac()), e);
        }
    }

    private static String stamp(Optional<ViewFile> vmlinuz, Optional<ViewFile> initrd) {
        return vmlinuz.map(ViewFile::stamp).orElse("") + " "
                + initrd.map(ViewFile::stamp).orElse("");
    }

    private void once(ClientRecord client, String version, String text) {
        forgetIfMany(told);
        if (!text.equals(told.put(client.mac() + " " + version, text))) {
            tell(Event.Level.WARNING, client, text);
        }
    }

    private void tell(Event.Level level, ClientRecord client, String text) {
        events.on(
                new Event.Notice(level, client.hostname() + " (" + client.mac().colons() + ") " + text));
    }
}
