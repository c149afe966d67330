package dev.nbroot.build;

import dev.nbroot.profile.Profile;
import dev.nbroot.profile.SshKey;
import dev.nbroot.profile.User;
import dev.nbroot.profile.WriteFile;
import dev.nbroot.release.Release;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes the root what the profile says, beyond its packages. Services come last, because overlays may bring units.
 *
 * @param profile what is wanted
 * @param release what the root is made of
 */
record Configure(Profile profile, Release release) implements BuildStep {
    @Override
    public String id() {
        return "configure";
    }

    @Override
    public String title() {
        return "Configure users, network, files and services";
    }

    @Override
    public List<String> details() {
        List<String> lines = new ArrayList<>();
        systemFiles().forEach(file -> lines.add("write " + file.path()));
        profile.users().forEach(user -> lines.add("user " + user.name()));
        profile.overlays().forEach(overlay -> lines.add("copy " + overlay + " over the root"));
        profile.writeFiles().forEach(file -> lines.add("write " + file.path()));
        profile.services().enable().forEach(unit -> lines.add("enable " + unit));
        profile.services().disable().forEach(unit -> lines.add("disable " + unit));
        profile.services().mask().forEach(unit -> lines.add("mask " + unit));
        return lines;
    }

    @Override
    public void perform(BuildSite site) {
        TreeWriter tree = new TreeWriter(site.reachable());
        systemFiles().forEach(tree::write);
        new Localisation(profile).perform(site, tree);
        addAccounts(site, tree);
        checkSudoers(site);
        for (Path overlay : profile.overlays()) {
            site.script(
                    "copy-overlay.sh",
                    overlay.toString(),
                    site.tree().toString(),
                    site.work().resolve("overlay.tar").toString());
        }
        for (int i = 0; i < profile.writeFiles().size(); i++) {
            write(site, tree, i);
        }
        PersistFiles.makeDirectories(site, profile);
        new ServiceSetup(profile, InitrdMaker.of(profile, release)).perform(site);
    }

    private List<TreeFile> systemFiles() {
        List<TreeFile> files = new ArrayList<>(SystemFiles.of(profile));
        files.addAll(NetworkFiles.of(release.network()));
        files.addAll(InitrdMaker.of(profile, release).files());
        return files;
    }

    private void addAccounts(BuildSite site, TreeWriter tree) {
        for (int i = 0; i < profile.users().size(); i++) {
            Path shell = profile.users().get(i).shell();
            if (!Files.isExecutable(site.file(shell.toString()))) {
                throw Failure.of(
                        FailureKind.INVALID_INPUT,
                        profile.where("users[" + i + "].shell") + ": the root has no " + shell,
                        "add the package that brings it to packages");
            }
        }
        Accounts.commands(profile, groups(site)).forEach(site::chroot);
        authorize(site, tree, "root", Path.of("/root"), profile.root().sshAuthorizedKeys());
        for (User user : profile.users()) {
            authorize(site, tree, user.name(), user.home(), user.sshAuthorizedKeys());
        }
    }

    private static Set<String> groups(BuildSite site) {
        try {
            return Files.readAllLines(site.file("/etc/group")).stream()
                    .map(line -> line.split(":")[0])
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw Failure.io("read the root's groups", Path.of("/etc/group"), e);
        }
    }

    /** sshd(8), StrictModes: neither the directory nor the file may be writable by others. */
    private static void authorize(BuildSite site, TreeWriter tree, String name, Path home, List<SshKey> keys) {
        if (keys.isEmpty()) {
            return;
        }
        Path directory = home.resolve(".ssh");
        String lines = keys.stream().map(SshKey::line).collect(Collectors.joining("\n", "", "\n"));
        Path file = directory.resolve("authorized_keys");
        tree.write(new TreeFile(file.toString(), lines, 0600));
        try {
            Files.setAttribute(site.file(directory.toString()), "unix:mode", 0700, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw Failure.io("set the mode of", directory, e);
        }
        site.chroot("chown", "--", name + ":", directory.toString(), file.toString());
    }

    private void checkSudoers(BuildSite site) {
        try {
            site.chroot("visudo", "--check", "--quiet");
        } catch (Failure failure) {
            throw blamed(
                    failure,
                    profile.where("users") + ": visudo does not accept the sudo rules",
                    "a rule reads like ALL=(ALL) NOPASSWD:ALL, see sudoers(5)");
        }
    }

    /** {@return the failure of a command as the profile's fault; an interrupt stays one} */
    static Failure blamed(Failure failure, String message, String hint) {
        return failure.kind() == FailureKind.INTERRUPTED
                ? failure
                : Failure.of(FailureKind.INVALID_INPUT, message, hint, failure).withDetails(failure.details());
    }

    private void write(BuildSite site, TreeWriter tree, int index) {
        WriteFile file = profile.writeFiles().get(index);
        tree.write(file.path(), file.content().bytes(), file.mode(), file.append());
        if (file.owner().equals("root") && file.group().equals("root") && !file.append()) {
            return;
        }
        try {
            site.chroot(
                    "chown",
                    "--",
                    file.owner() + ":" + file.group(),
                    file.path().toString());
        } catch (Failure failure) {
            throw blamed(
                    failure,
                    profile.where("write_files[" + index + "].owner") + ": the root has no user or group "
                            + file.owner() + ":" + file.group(),
                    "add the user to users, or the package that makes it to packages");
        }
        try {
            // chown(2) drops the set-user-ID bit.
            Files.setAttribute(site.file(file.path().toString()), "unix:mode", file.mode());
        } catch (IOException e) {
            throw Failure.io("set the mode of", file.path(), e);
        }
    }
}
