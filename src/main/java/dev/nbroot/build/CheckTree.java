package dev.nbroot.build;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Invocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the finished tree once more: what is wrong here is told now, not by a machine that will not boot.
 *
 * @param proxy the address that must not be in the root
 */
record CheckTree(Optional<String> proxy) implements BuildStep {
    @Override
    public String id() {
        return "check";
    }

    @Override
    public String title() {
        return "Check the tree";
    }

    @Override
    public List<String> details() {
        return List.of("owner and mode of /, identity files, leftovers, half-installed packages, running processes");
    }

    @Override
    public void perform(BuildSite site) {
        List<String> problems = new ArrayList<>(new TreeLint(proxy).problems(site.reachable()));
        site.chroot(Invocation.of("dpkg", "--audit").accepting(0, 1)).lines().stream()
                .filter(line -> !line.isBlank())
                .forEach(line -> problems.add("dpkg: " + line.strip()));
        site.processes().forEach(command -> problems.add("still running: " + command));
        if (!problems.isEmpty()) {
            throw Failure.of(
                            FailureKind.FAILED,
                            "the tree is not fit to be published: " + problems.get(0)
                                    + (problems.size() == 1 ? "" : " (and " + (problems.size() - 1) + " more)"),
                            "did a hook or a package leave it? see the build log")
                    .withDetails(problems);
        }
    }
}
