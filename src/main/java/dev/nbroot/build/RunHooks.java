package dev.nbroot.build;

import dev.nbroot.profile.Hook;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.TreeRemoval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Runs the user's commands of one phase.
 *
 * @param phase {@code setup}, {@code essential}, {@code customize} or {@code cleanup}
 * @param hooks at least one
 */
record RunHooks(String phase, List<Hook> hooks) implements BuildStep {
    RunHooks {
        hooks = List.copyOf(hooks);
    }

    @Override
    public String id() {
        return "hooks-" + phase;
    }

    @Override
    public String title() {
        return "Run the " + phase + " hooks (" + hooks.size() + ")";
    }

    @Override
    public List<String> details() {
        return hooks.stream()
                .map(hook -> (hook.chroot() ? "in the root: " : "on the host: ") + hook.run())
                .toList();
    }

    @Override
    public void perform(BuildSite site) {
        List<String> before = mounts(site);
        for (Hook hook : hooks) {
            String tree = hook.chroot() ? "/" : site.tree().toString();
            Invocation invocation = Invocation.of("sh", "-c", hook.run(), "sh", tree)
                    .labelled(phase + " hook")
                    .within(hook.timeout())
                    .with("NBROOT_ROOT", tree);
            if (hook.chroot()) {
                site.chroot(AptSettings.apply(invocation));
            } else {
                site.run(invocation.in(hook.directory()));
            }
        }
        unmount(site, before);
    }

    private static List<String> mounts(BuildSite site) {
        return site.script("mounts.sh", site.tree().toString()).lines();
    }

    /**
     * What lies on a mount cannot be part of the root, but steps that follow would take it for that: an initrd made from
     * it would be kept in the cache.
     */
    private static void unmount(BuildSite site, List<String> before) {
        List<String> left = new ArrayList<>(mounts(site));
        before.forEach(left::remove);
        Collections.reverse(left);
        for (String mount : left) {
            site.warn("a hook has left this mounted, what is on it is not part of the root: " + mount);
            site.run(Invocation.of("umount", "--lazy", TreeRemoval.unescaped(mount)));
        }
    }
}
