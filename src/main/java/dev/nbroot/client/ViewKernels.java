package dev.nbroot.client;

import dev.nbroot.release.KernelVersions;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernels that a machine's view has, by the names that Debian's packages give their files. */
public final class ViewKernels {
    private static final Pattern BOOT_FILE = Pattern.compile("(?:vmlinuz|initrd\\.img)-([0-9][A-Za-z0-9.+~_-]{0,200})");
    private static final String STATUS = "var/lib/dpkg/status";
    private static final String UPDATES = "var/lib/dpkg/updates";
    private static final Set<String> ENDED = Set.of("installed", "not-installed", "config-files");
    /** What dpkg and update-initramfs put beside a file, for a moment or to go back to, is not to boot. */
    private static final Pattern BESIDE = Pattern.compile(".*(?:\\.dpkg-[a-z]+|\\.new|\\.old|\\.bak|\\.tmp|~)");
    /** Ten times what a desktop has of any of these files: a machine may put there what it likes. */
    private static final int MOST_BYTES = 8 << 20;

    private static final int MOST_STATUS_BYTES = 32 << 20;
    private static final int MOST_VERSIONS = 16;
    private static final int MOST_UPDATES = 256;
    private static final Pattern KERNEL_PACKAGE =
            Pattern.compile("Package: linux-image-(?:unsigned-)?([0-9]\\S{0,200})");
    private static final Pattern PACKAGE_STATUS = Pattern.compile("Status: \\S+ \\S+ (\\S+)");

    private final LayeredView view;
    /** Read once, when it is first asked for. */
    private Set<String> unfinished;

    /** Looks at one view. */
    public ViewKernels(LayeredView view) {
        this.view = view;
    }

    /**
     * {@return the versions of which the machine itself has put, changed or removed kernel or initrd, the newest first; so
     * many of them as a machine may have}
     */
    public List<String> own() {
        Set<String> versions = new TreeSet<>(new KernelVersions().reversed());
        for (String name : view.ownNames("boot")) {
            Matcher file = BOOT_FILE.matcher(name);
            if (file.matches() && !BESIDE.matcher(name).matches()) {
                versions.add(file.group(1));
            }
        }
        return versions.stream().limit(MOST_VERSIONS).toList();
    }

    /** {@return the kernel of a version} */
    public Optional<ViewFile> vmlinuz(String version) {
        return view.file("boot/vmlinuz-" + version);
    }

    /** {@return the initrd of a version} */
    public Optional<ViewFile> initrd(String version) {
        return view.file("boot/initrd.img-" + version);
    }

    /** {@return the lines of a version's {@code modules.dep}; none when it has no modules} */
    public List<String> modules(String version) {
        return lines(modulesFile(version, "modules.dep"));
    }

    /** {@return the lines of a version's {@code modules.builtin}} */
    public List<String> builtIn(String version) {
        return lines(modulesFile(version, "modules.builtin"));
    }

    /** {@return whether the modules of a version are there} */
    public boolean hasModules(String version) {
        Optional<ViewFile> file = modulesFile(version, "modules.dep");
        file.ifPresent(ViewFile::close);
        return file.isPresent();
    }

    /** {@return what changes whenever anything may have changed that decides what the machine boots; quick} */
    public String stamp(List<String> versions) {
        StringBuilder stamp = new StringBuilder(view.stamp(STATUS));
        for (String version : versions) {
            stamp.append('\n').append(version);
            for (String file : List.of("boot/vmlinuz-" + version, "boot/initrd.img-" + version)) {
                stamp.append('|').append(view.stamp(file));
            }
            stamp.append('|');
            modulesFile(version, "modules.dep").ifPresent(file -> {
                stamp.append(file.stamp());
                file.close();
            });
        }
        return stamp.toString();
    }

    /** {@return whether dpkg has begun to install a version's package and has not ended} Also true when it has failed. */
    public boolean isUnfinished(String version) {
        if (unfinished == null) {
            unfinished = new HashSet<>();
            long left = MOST_STATUS_BYTES;
            // What a running dpkg has done is in updates, the later the higher the number.
            for (String file : files()) {
                left -= readStatus(file, left);
            }
        }
        return unfinished.contains(version);
    }

    /** {@return how many bytes were read, {@code most} at most} */
    private long readStatus(String name, long most) {
        Optional<ViewFile> found = view.file(name);
        if (found.isEmpty() || most <= 0) {
            found.ifPresent(ViewFile::close);
            return 0;
        }
        try (ViewFile file = found.get();
                InputStream in = Files.newInputStream(file.path())) {
            byte[] bytes = in.readNBytes((int) Math.min(most, MOST_BYTES));
            readStatus(new BufferedReader(
                    new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.ISO_8859_1)));
            return bytes.length;
        } catch (IOException e) {
            return 0;
        }
    }

    private void readStatus(BufferedReader lines) throws IOException {
        String version = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher status = PACKAGE_STATUS.matcher(line);
            if (version != null && status.matches()) {
                if (ENDED.contains(status.group(1))) {
                    unfinished.remove(version);
                } else {
                    unfinished.add(version);
                }
            }
            Matcher kernel = KERNEL_PACKAGE.matcher(line);
            version = kernel.matches() ? kernel.group(1) : null;
        }
    }

    private List<String> files() {
        List<String> files = new ArrayList<>(List.of(STATUS));
        view.ownNames(UPDATES).stream()
                .filter(name -> name.matches("[0-9]{1,9}"))
                .sorted(new KernelVersions())
                .limit(MOST_UPDATES)
                .forEach(name -> files.add(UPDATES + "/" + name));
        return files;
    }

    /** Releases with a merged /usr have it below that; the link that leads there is not followed. */
    private Optional<ViewFile> modulesFile(String version, String name) {
        String path = "lib/modules/" + version + "/" + name;
        return view.file("usr/" + path).or(() -> view.file(path));
    }

    private static List<String> lines(Optional<ViewFile> found) {
        if (found.isEmpty()) {
            return List.of();
        }
        try (ViewFile file = found.get()) {
            return text(file).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String text(ViewFile file) throws IOException {
        try (InputStream in = Files.newInputStream(file.path())) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
        }
    }
}
