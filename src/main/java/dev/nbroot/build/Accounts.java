package dev.nbroot.build;

import dev.nbroot.profile.Profile;
import dev.nbroot.profile.User;
import dev.nbroot.system.Invocation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The commands that make a profile's accounts, to be run in the root. Passwords go by standard input only. */
final class Accounts {
    private Accounts() {}

    /**
     * {@return the commands, in order}
     *
     * @param groups the groups that the root has already
     */
    static List<Invocation> commands(Profile profile, Set<String> groups) {
        List<Invocation> commands = new ArrayList<>();
        Set<String> known = new LinkedHashSet<>(groups);
        for (User user : profile.users()) {
            user.primaryGroup().filter(known::add).ifPresent(group -> commands.add(groupadd(group, user.system())));
            commands.add(useradd(user, known.contains(user.name())));
            known.add(user.name());
        }
        // Only now, so that the first user has 1000 both as uid and as gid.
        for (User user : profile.users()) {
            user.groups().stream().filter(known::add).forEach(group -> commands.add(groupadd(group, user.system())));
            if (!user.groups().isEmpty()) {
                commands.add(
                        Invocation.of("usermod", "--append", "--groups", String.join(",", user.groups()), user.name()));
            }
        }
        List<String> passwords = new ArrayList<>();
        profile.root().passwd().ifPresent(hash -> passwords.add("root:" + hash.crypt()));
        profile.users()
                .forEach(user -> user.passwd().ifPresent(hash -> passwords.add(user.name() + ":" + hash.crypt())));
        if (!passwords.isEmpty()) {
            commands.add(Invocation.of("chpasswd", "--encrypted").reading(String.join("\n", passwords) + "\n"));
        }
        return commands;
    }

    private static Invocation groupadd(String group, boolean system) {
        return system ? Invocation.of("groupadd", "--system", group) : Invocation.of("groupadd", group);
    }

    private static Invocation useradd(User user, boolean groupExists) {
        List<String> argv = new ArrayList<>(List.of("useradd"));
        user.uid().ifPresent(uid -> argv.addAll(List.of("--uid", uid.toString())));
        if (user.primaryGroup().isPresent() || groupExists) {
            argv.addAll(List.of("--gid", user.primaryGroup().orElse(user.name())));
        } else {
            argv.add("--user-group");
        }

        if (user.system()) {
            argv.add("--system");
        }
        argv.addAll(List.of(
                "--comment",
                user.gecos(),
                "--shell",
                user.shell().toString(),
                "--home-dir",
                user.home().toString(),
                user.createHome() ? "--create-home" : "--no-create-home",
                user.name()));
        return Invocation.of(argv);
    }
}
