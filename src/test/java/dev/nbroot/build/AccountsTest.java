package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Profiles;
import dev.nbroot.system.Invocation;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountsTest {
    private static final Set<String> GROUPS = Set.of("root", "sudo", "users");

    @TempDir
    Path directory;

    private List<Invocation> commands(String yaml) {
        return Accounts.commands(Profiles.read(directory, "name: x\nbootstrap: {suite: bookworm}\n" + yaml), GROUPS);
    }

    private List<String> quoted(String yaml) {
        return commands(yaml).stream().map(Invocation::quoted).toList();
    }

    @Test
    void aUserGetsAGroupOfItsOwnThenTheOthers() {
        assertThat(quoted("""
                        users:
                          - {name: ada, gecos: Ada Lovelace, groups: [sudo, lab], ssh_authorized_keys: ["%s"]}
                        """.formatted(Profiles.KEY)))
                .containsExactly(
                        "useradd --user-group --comment 'Ada Lovelace' --shell /bin/bash --home-dir /home/ada"
                                + " --create-home ada",
                        "groupadd lab",
                        "usermod --append --groups sudo,lab ada");
    }

    @Test
    void uidPrimaryGroupAndSystemAreKept() {
        assertThat(quoted("""
                        users:
                          - {name: ada, uid: 2000, primary_group: staff2, shell: /bin/sh, ssh_authorized_keys: ["%s"]}
                          - {name: robot, system: true, no_create_home: true, homedir: /var/lib/robot}
                        """.formatted(Profiles.KEY)))
                .containsExactly(
                        "groupadd staff2",
                        "useradd --uid 2000 --gid staff2 --comment '' --shell /bin/sh --home-dir /home/ada"
                                + " --create-home ada",
                        "useradd --user-group --system --comment '' --shell /bin/bash --home-dir /var/lib/robot"
                                + " --no-create-home robot");
    }

    @Test
    void aGroupOfTheUsersNameIsUsed() {
        assertThat(quoted("""
                        users:
                          - {name: users, ssh_authorized_keys: ["%s"]}
                        """.formatted(Profiles.KEY))).first().asString().contains("--gid users");
    }

    @Test
    void noGroupIsMadeTwice() {
        assertThat(quoted("""
                        users:
                          - {name: ada, groups: [lab], ssh_authorized_keys: ["%s"]}
                          - {name: bob, groups: [lab], ssh_authorized_keys: ["%s"]}
                        """.formatted(Profiles.KEY, Profiles.KEY)))
                .filteredOn(line -> line.equals("groupadd lab"))
                .hasSize(1);
    }

    @Test
    void passwordsGoByStandardInputOnly() {
        String ada = "$6$saltsaltsalt$" + "a".repeat(86);
        String root = "$6$saltsaltsalt$" + "b".repeat(86);
        List<Invocation> commands =
                commands("users: [{name: ada, passwd: \"" + ada + "\"}]\nroot: {passwd: \"" + root + "\"}\n");
        assertThat(commands).noneMatch(command -> command.quoted().contains("$6$"));
        Invocation last = commands.get(commands.size() - 1);
        assertThat(last.argv()).containsExactly("chpasswd", "--encrypted");
        assertThat(last.input()).contains("root:" + root + "\nada:" + ada + "\n");
    }

    @Test
    void withoutPasswordsNobodyIsAskedForOne() {
        assertThat(quoted("users: [{name: ada, ssh_authorized_keys: [\"" + Profiles.KEY + "\"]}]\n"))
                .noneMatch(line -> line.startsWith("chpasswd"));
    }
}
