package dev.nbroot.check;

import dev.nbroot.profile.Hook;
import dev.nbroot.profile.Profile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hooks that begin with a script beside the profile: found now, not after minutes of building. */
final class HookChecks {
    /** A first word that can only be a file: relative, with a slash, and without anything that a shell would read. */
    private static final Pattern SCRIPT =
            Pattern.compile("\\s*(?<file>\\.{0,2}[A-Za-z0-9_.-]*/[A-Za-z0-9_./-]+)(\\s.*)?", Pattern.DOTALL);

    private HookChecks() {}

    static void judge(Profile profile, Findings findings) {
        phase("setup", profile.hooks().setup(), findings);
        phase("essential", profile.hooks().essential(), findings);
        phase("customize", profile.hooks().customize(), findings);
        phase("cleanup", profile.hooks().cleanup(), findings);
    }

    private static void phase(String phase, List<Hook> hooks, Findings findings) {
        for (int i = 0; i < hooks.size(); i++) {
            Hook hook = hooks.get(i);
            Matcher script = SCRIPT.matcher(hook.run());
            if (script.matches() && !script.group("file").startsWith("/")) {
                script("hooks." + phase + "[" + i + "]", hook, script.group("file"), findings);
            }
        }
    }

    private static void script(String key, Hook hook, String name, Findings findings) {
        Path file;
        try {
            file = hook.directory().resolve(name).normalize();
        } catch (InvalidPathException e) {
            return;
        }
        if (hook.chroot()) {
            if (Files.isRegularFile(file)) {
                findings.warning(
                        key,
                        name + " is a file beside the profile, and this hook runs inside the root",
                        "leave chroot: true out and use $1, the root's path; or bring the file by overlays:");
            }
        } else if (!Files.isRegularFile(file)) {
            findings.error(key, "there is no file " + file, "paths in a hook are relative to the profile that has it");
        } else if (!Files.isExecutable(file)) {
            findings.error(key, file + " is not executable", "chmod +x " + file);
        }
    }
}
