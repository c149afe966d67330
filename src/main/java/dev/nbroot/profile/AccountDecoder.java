package dev.nbroot.profile;

import dev.nbroot.profile.YamlValue.Kind;
import dev.nbroot.profile.YamlValue.Scalar;
import dev.nbroot.profile.YamlValue.Sequence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decodes {@code users} and {@code root}. */
final class AccountDecoder {
    private static final long MAX_UID = 4294967294L;

    /** Debian's base-passwd and the first packages of every root make these; useradd would refuse them. */
    private static final Set<String> TAKEN = Set.of(
            "daemon",
            "bin",
            "sys",
            "sync",
            "games",
            "man",
            "lp",
            "mail",
            "news",
            "uucp",
            "proxy",
            "www-data",
            "backup",
            "list",
            "irc",
            "gnats",
            "nobody",
            "_apt",
            "messagebus",
            "sshd",
            "systemd-network",
            "systemd-timesync",
            "systemd-resolve");

    private AccountDecoder() {}

    static RootAccount root(Fields fields) {
        RootAccount root = new RootAccount(
                fields.at("passwd").flatMap(PasswordRule::decode), fields.flag("autologin", false), keys(fields));
        fields.end();
        return root;
    }

    static List<User> users(Fields profile) {
        List<User> users = new ArrayList<>();
        Map<String, Position> seen = new HashMap<>();
        for (Cursor item : profile.list("users")) {
            if (item.value() instanceof Scalar scalar && scalar.text().equals("default")) {
                item.refuse("there is no default user", "write a map, as in {name: ada, groups: [sudo]}");
                continue;
            }
            user(item).ifPresent(user -> {
                requireUnique(item, "the user " + user.name(), seen);
                user.uid().ifPresent(uid -> requireUnique(item, "the uid " + uid, seen));
                users.add(user);
            });
        }
        return users;
    }

    private static void requireUnique(Cursor item, String what, Map<String, Position> seen) {
        Position earlier = seen.putIfAbsent(what, item.value().at());
        if (earlier != null) {
            item.refuse(what + " is there already, at " + earlier, "lists append: remove or change one of them");
        }
    }

    private static Optional<User> user(Cursor item) {
        Fields fields = item.fields();
        Optional<String> name = name(fields);
        boolean system = fields.flag("system", false);
        User user = new User(
                name.orElse(""),
                fields.text("gecos", Shape.GECOS).orElse(""),
                fields.at("uid").flatMap(value -> value.number(1, MAX_UID)),
                fields.text("primary_group", Shape.GROUP),
                fields.at("groups").map(AccountDecoder::groups).orElse(List.of()),
                fields.at("shell").flatMap(Cursor::rootPath).orElse(Path.of("/bin/bash")),
                fields.at("homedir").flatMap(Cursor::rootPath).orElse(Path.of("/home", name.orElse(""))),
                !fields.flag("no_create_home", system),
                system,
                fields.at("sudo").map(AccountDecoder::sudo).orElse(List.of()),
                passwd(fields),
                keys(fields));
        fields.end();
        return name.map(known -> user);
    }

    private static Optional<String> name(Fields fields) {
        Optional<Cursor> value = fields.at("name");
        if (value.isEmpty()) {
            fields.missing("name", "every user has a name");
            return Optional.empty();
        }
        Optional<String> name = value.get().text(Shape.USER);
        if (name.filter("root"::equals).isPresent()) {
            value.get().refuse("root is not a user of this list", "use the block root: of the profile");
        } else if (name.filter(TAKEN::contains).isPresent()) {
            value.get()
                    .refuse("Debian's base system has an account " + name.get() + " of its own", "choose another name");
        }
        return name;
    }

    /** cloud-init takes a list as well as "sudo, plugdev". */
    private static List<String> groups(Cursor value) {
        if (value.value() instanceof Sequence) {
            return value.distinct(Shape.GROUP);
        }
        Map<String, Position> groups = new LinkedHashMap<>();
        for (String group : value.text().orElse("").split(",")) {
            if (!group.isBlank()) {
                Shape.GROUP.complaint(group.strip()).ifPresent(message -> value.refuse(message, Shape.GROUP.hint()));
                groups.putIfAbsent(group.strip(), value.value().at());
            }
        }
        return value.noted(groups);
    }

    /** cloud-init takes one rule, a list of rules, or false. */
    private static List<String> sudo(Cursor value) {
        if (value.value() instanceof Sequence) {
            return value.distinct(Shape.SUDO_RULE);
        }
        if (value.value() instanceof Scalar scalar && scalar.kind() == Kind.FLAG) {
            if (value.flag().orElse(false)) {
                value.refuse("sudo needs a rule", Shape.SUDO_RULE.hint());
            }
            return List.of();
        }
        Map<String, Position> rules = new LinkedHashMap<>();
        value.text(Shape.SUDO_RULE)
                .ifPresent(rule -> rules.put(rule, value.value().at()));
        return value.noted(rules);
    }

    private static Optional<PasswordHash> passwd(Fields fields) {
        Optional<PasswordHash> passwd = fields.at("passwd").flatMap(PasswordRule::decode);
        Optional<Cursor> lock = fields.at("lock_passwd");
        boolean locked = lock.flatMap(Cursor::flag).orElse(passwd.isEmpty());
        if (!locked && passwd.isEmpty() && fields.at("passwd").isEmpty()) {
            lock.ifPresent(value -> value.refuse(
                    "there is no password to unlock", "add passwd: (a crypt hash), or leave lock_passwd out"));
        }
        return locked ? passwd.map(PasswordHash::locked) : passwd;
    }

    private static List<SshKey> keys(Fields fields) {
        return fields.at("ssh_authorized_keys").map(SshKeysDecoder::decode).orElse(List.of());
    }
}
