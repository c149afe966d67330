package dev.nbroot.stage;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A whole boot tree, as a value.
 *
 * @param menus what each machine boots
 * @param files in the order in which they must appear: no menu names a kernel that is not there yet
 */
public record StagePlan(List<BootMenu> menus, List<TreeFile> files) {
    /** Copies the lists. */
    public StagePlan {
        menus = List.copyOf(menus);
        files = List.copyOf(files);
    }

    /**
     * Plans a tree.
     *
     * @param generations all that the menus name
     * @param own the kernels of machines that the menus name
     * @throws Failure of kind {@code FAILED} when a generation's kernel or initrd cannot be read
     */
    public static StagePlan of(
            List<BootMenu> menus, List<StagedGeneration> generations, List<OwnKernel> own, BootRendering rendering) {
        Map<Path, TreeFile> boot = new TreeMap<>();
        for (StagedGeneration staged : generations) {
            Map<String, String> hashes = staged.manifest().hashes();
            Path kernel = readable(staged, staged.generation().kernel());
            Path initrd = readable(staged, staged.generation().initrd());
            boot.put(staged.kernelPath(), copy(staged.kernelPath(), kernel, hashes.get("vmlinuz")));
            boot.put(staged.initrdPath(), copy(staged.initrdPath(), initrd, hashes.get("initrd")));
        }
        own.forEach(kernel -> kernel.files().forEach(file -> boot.put(file.path(), file)));
        List<TreeFile> files = new ArrayList<>(boot.values());
        files.addAll(rendering.files(menus));
        return new StagePlan(menus, files);
    }

    /** {@return the plan in lines for people: every file, then every machine with its command line} */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        files.forEach(file -> lines.add(file.path().toString()));
        for (BootMenu menu : menus) {
            String who = menu.machine().map(mac -> mac.colons()).orElse("any other machine");
            menu.kernels().forEach(linux -> lines.add(who + ": " + linux.title() + ": " + linux.cmdline()));
        }
        return lines;
    }

    private static TreeFile copy(Path to, Path source, String sha256) {
        return new TreeFile.Copy(to, source, Optional.ofNullable(sha256).orElseGet(() -> Sha256.of(source)));
    }

    /**
     * Looks whether a generation has what a boot tree needs.
     *
     * @throws Failure of kind {@code FAILED} when its kernel or initrd cannot be read
     */
    public static void requireFiles(StagedGeneration staged) {
        readable(staged, staged.generation().kernel());
        readable(staged, staged.generation().initrd());
    }

    private static Path readable(StagedGeneration staged, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw Failure.of(
                    FailureKind.FAILED,
                    "generation " + staged.generation().label() + " has no readable " + file,
                    "run as a user who may read it, or build the root again: nbroot build PROFILE.yaml --fresh");
        }
        return file;
    }

    /** {@return the files by their paths} */
    Map<Path, TreeFile> byPath() {
        return files.stream().collect(Collectors.toMap(TreeFile::path, Function.identity()));
    }
}
