package dev.nbroot.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What a generation is made of, in {@code manifest.json} beside its tree.
 *
 * @param name the root's name
 * @param generation its number
 * @param created when the build ended, ISO 8601 in UTC
 * @param nbroot the version that built it
 * @param suite the release it is made of, such as {@code bookworm}
 * @param architecture Debian's name, such as {@code amd64}
 * @param kernel the kernel's version as in {@code /lib/modules/VERSION}
 * @param generator what made the initrd: {@code initramfs-tools} or {@code dracut}
 * @param inputs SHA-256 over everything that decides the result; equal inputs make a rebuild needless
 * @param boot how machines boot it
 * @param hashes SHA-256 of {@code vmlinuz} and {@code initrd}
 * @param packages every installed package
 * @param steps what the build did, in order
 * @param profile the merged profile; of a generation that was made out of another one, that one's
 * @param origin how it came about
 */
public record Manifest(
        String name,
        int generation,
        String created,
        String nbroot,
        String suite,
        String architecture,
        String kernel,
        String generator,
        String inputs,
        Boot boot,
        Map<String, String> hashes,
        List<InstalledPackage> packages,
        List<Step> steps,
        JsonNode profile,
        Origin origin) {

    /**
     * How a generation came about.
     *
     * @param by the command: {@code build}, {@code enter}, {@code upgrade}, {@code commit}
     * @param parent the generation that it was made out of, as in {@code bookworm/3}; empty for a build
     * @param detail the command that was run in it, or the machine whose view it was; may be empty
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Origin(String by, String parent, String detail) {
        /** Of a build from a profile; so were all generations before this was written down. */
        public static final Origin BUILD = new Origin("build", "", "");

        /** What is not written down is empty. */
        public Origin {
            by = by == null ? "" : by;
            parent = parent == null ? "" : parent;
            detail = detail == null ? "" : detail;
        }
    }

    /**
     * The boot part of the profile.
     *
     * @param mode what a machine without a client entry gets: {@code stateless}, {@code shared}, ...
     * @param console kernel consoles; the last one becomes {@code /dev/console}
     * @param cmdline further words of the kernel command line
     */
    public record Boot(String mode, List<String> console, List<String> cmdline) {
        /** Copies the lists. */
        public Boot {
            console = List.copyOf(console);
            cmdline = List.copyOf(cmdline);
        }
    }

    /** One package of the dpkg database. */
    public record InstalledPackage(String name, String version, String architecture) {}

    /**
     * One step of the build.
     *
     * @param seconds wall-clock time
     * @param cached whether an earlier result was used
     */
    public record Step(String name, double seconds, boolean cached) {}

    /** Copies the collections. */
    public Manifest {
        hashes = Map.copyOf(hashes);
        packages = List.copyOf(packages);
        steps = List.copyOf(steps);
        origin = origin == null ? Origin.BUILD : origin;
    }
}
