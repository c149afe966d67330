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

    /** cloud-init takes a list as well as "sudo, plugdev". */
    private static final Form.Text GROUPS_IN_ONE = Form.text(Shape.of(
            "group names",
            "(\\s*(" + Shape.GROUP.pattern() + ")?\\s*,)*\\s*(" + Shape.GROUP.pattern() + ")?\\s*",
            "as in [sudo, plugdev]"));

    private static final Key PASSWD =
            Key.of("passwd", Form.text(PasswordRule.SHAPE), "A crypt hash, from openssl passwd -6; without it locked.");

    private static final Key SSH_KEYS = Key.of(
            "ssh_authorized_keys",
            Form.listOf(SshKeysDecoder.SHAPE),
            "Lines of .pub files, and file: names of such files (~ is the home of who builds).");

    static final Form.Block ROOT = Form.block(
            PASSWD, Key.flag("autologin", false, "A root shell on every console, without a password."), SSH_KEYS);

    static final Form.Block USER = Form.block(
            Key.required("name", Form.text(Shape.USER), "The account's name."),
            Key.of("gecos", Form.text(Shape.GECOS), "The full name.").otherwise(""),
            Key.of("uid", new Form.Number(1, MAX_UID), "The user's number; without it the next free one."),
            Key.of("primary_group", Form.text(Shape.GROUP), "A group; without it one of the user's own name."),
            Key.of(
                    "groups",
                    Form.either(Form.listOf(Shape.GROUP), GROUPS_IN_ONE),
                    "Further groups; made if they do not exist."),
            Key.of("shell", Form.text(Shape.ROOT_PATH), "A path inside the root.")
                    .otherwise("/bin/bash"),
            Key.of("homedir", Form.text(Shape.ROOT_PATH), "A path inside the root; without it /home/NAME."),
            Key.of(
                    "no_create_home",
                    new Form.Flag(),
                    "Whether to leave the home directory out; without it as system says."),
            Key.flag("system", false, "Whether the uid comes from the system range."),
            Key.of(
                    "sudo",
                    Form.either(Form.text(Shape.SUDO_RULE), Form.listOf(Shape.SUDO_RULE), new Form.Off()),
                    "Rules of sudoers(5) without the user's name, as in \"ALL=(ALL) NOPASSWD:ALL\"."),
            PASSWD,
            Key.of("lock_passwd", new Form.Flag(), "Whether to lock a given passwd too."),
            Key.flag("autologin", false, "Every console logs this user in, without a password."),
            SSH_KEYS);

    private AccountDecoder() {}

    static RootAccount root(Fields fields) {
        RootAccount root = new RootAccount(
                fields.at("passwd").flatMap(PasswordRule::decode), fields.flag("autologin"), keys(fields));
        fields.end();
        return root;
    }

    static List<User> users(Fields profile, RootAccount root) {
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
                if (user.autologin()) {
                    requireSoleAutologin(item, root, seen);
                }
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

    /** A console can log in one account only. */
    private static void requireSoleAutologin(Cursor item, RootAccount root, Map<String, Position> seen) {
        Map<String, Position> positions = item.decoding().positions();
        String own = item.path() + ".autologin";
        Position earlier = root.autologin() ? positions.get("root.autologin") : seen.get("autologin");
        seen.putIfAbsent("autologin", positions.get(own));
        if (earlier != null) {
            item.decoding()
                    .refuse(
                            positions.get(own),
                            own,
                            "a console can log in one account only, and another one is at " + earlier,
                            "decide for one of them");
        }
    }

    private static Optional<User> user(Cursor item) {
        Fields fields = item.fields();
        Optional<String> name = name(fields);
        boolean system = fields.flag("system");
        User user = new User(
                name.orElse(""),
                fields.textOrDefault("gecos"),
                fields.at("uid").flatMap(Cursor::number),
                fields.text("primary_group"),
                fields.at("groups").map(AccountDecoder::groups).orElse(List.of()),
                fields.at("shell")
                        .flatMap(Cursor::rootPath)
                        .orElseGet(() -> Path.of(fields.otherwise("shell", String.class))),
                fields.at("homedir").flatMap(Cursor::rootPath).orElse(Path.of("/home", name.orElse(""))),
                !fields.at("no_create_home").flatMap(Cursor::flag).orElse(system),
                system,
                fields.at("sudo").map(AccountDecoder::sudo).orElse(List.of()),
                passwd(fields),
                fields.flag("autologin"),
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
        Optional<String> name = value.get().text();
        if (name.filter("root"::equals).isPresent()) {
            value.get().refuse("root is not a user of this list", "use the block root: of the profile");
        } else if (name.filter(TAKEN::contains).isPresent()) {
            value.get()
                    .refuse("Debian's base system has an account " + name.get() + " of its own", "choose another name");
        }
        return name;
    }

    private static List<String> groups(Cursor value) {
        if (value.value() instanceof Sequence) {
            return value.distinct();
        }
        Map<String, Position> groups = new LinkedHashMap<>();
        for (String group : value.plain().orElse("").split(",")) {
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
            return value.distinct();
        }
        if (value.value() instanceof Scalar scalar && scalar.kind() == Kind.FLAG) {
            if (value.off().orElse(false)) {
                value.refuse("sudo needs a rule", Shape.SUDO_RULE.hint());
            }
            return List.of();
        }
        Map<String, Position> rules = new LinkedHashMap<>();
        value.text().ifPresent(rule -> rules.put(rule, value.value().at()));
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
