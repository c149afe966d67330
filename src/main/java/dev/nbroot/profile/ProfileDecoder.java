package dev.nbroot.profile;

import dev.nbroot.profile.YamlValue.Mapping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The merged map as a profile: the top level, and which decoder has which block. */
final class ProfileDecoder {
    private static final String UTC = "Etc/UTC";

    private static final Form.Text KERNEL_PACKAGE = Form.text(Shape.PACKAGE);
    private static final Form.Text KERNEL_FILE = Form.text(Shape.of(
            "a path",
            "[^\\x00-\\x1f\\x7f]*/[^\\x00-\\x1f\\x7f]*",
            "give a path relative to the profile, or an absolute one"));

    static final Form.Block FORM = Form.block(
            Key.required("name", Form.text(Shape.PROFILE_NAME), "The root's name: a directory, a word in boot menus."),
            Key.required("bootstrap", BootstrapDecoder.FORM, "Which distribution, and where it comes from."),
            Key.of("apt", AptDecoder.FORM, "How packages are installed."),
            Key.of("packages", Form.removable(Shape.PACKAGE), "Packages by name; -NAME drops one that an include has."),
            Key.of(
                            "kernel",
                            Form.either(KERNEL_PACKAGE, KERNEL_FILE),
                            "auto is the suite's and architecture's metapackage; or a package's name, or the path of a"
                                    + " vmlinuz.")
                    .otherwise("auto"),
            Key.of("hostname", Form.text(Shape.HOSTNAME), "The machine's name; clones have their own.")
                    .otherwise("node"),
            Key.of("locale", Form.text(Shape.LOCALE), "The language of the system, as in de_DE.UTF-8.")
                    .otherwise("C.UTF-8"),
            Key.of("locales", Form.listOf(Shape.LOCALE), "Further locales that users may choose."),
            Key.of("timezone", Form.text(Shape.TIMEZONE), "As in Europe/Berlin.")
                    .otherwise(UTC),
            Key.of("keyboard", BootDecoder.KEYBOARD, "The keyboard of the console and of the initrd's shell."),
            Key.of("users", Form.listOf(AccountDecoder.USER), "Accounts for people and services."),
            Key.of("root", AccountDecoder.ROOT, "The superuser's account."),
            Key.flag("ssh_pwauth", false, "Whether SSH takes passwords."),
            Key.of("write_files", Form.listOf(WriteFileDecoder.FORM), "Files to write into the root."),
            Key.of(
                    "overlays",
                    Form.listOf(Shape.HOST_PATH),
                    "Directory trees to copy over the root, relative to the profile."),
            Key.of("services", ServicesDecoder.FORM, "What systemd starts."),
            Key.of("swap", SwapDecoder.FORM, "Where memory goes that is not used for a while."),
            Key.of(
                    "scratch",
                    ScratchDecoder.FORM,
                    "What the directories of containers lie on, since overlays cannot lie on an NFS root."),
            Key.of(
                    "persist",
                    PersistDecoder.FORM,
                    "Directories of stateless clients that the server keeps, each client its own."),
            Key.of("hooks", HooksDecoder.FORM, "Your own commands while the root is made."),
            Key.of("initramfs", BootDecoder.INITRAMFS, "How the initrd is made."),
            Key.of("boot", BootDecoder.BOOT, "How a machine boots the root."));

    private final Fields fields;
    private final String name;
    private final Bootstrap bootstrap;
    private final Apt apt;
    private final List<String> packages;
    private final Kernel kernel;
    private final String hostname;
    private final String locale;
    private final List<String> locales;
    private final String timezone;
    private final Optional<Keyboard> keyboard;
    private final List<User> users;
    private final RootAccount root;
    private final boolean sshPwauth;
    private final List<WriteFile> writeFiles;
    private final List<Path> overlays;
    private final Services services;
    private final Swap swap;
    private final Optional<Scratch> scratch;
    private final List<Path> persist;
    private final Hooks hooks;
    private final Initramfs initramfs;
    private final Boot boot;

    /** Decodes everything; what is wrong is in the problems afterwards. */
    ProfileDecoder(Decoding decoding, Mapping merged) {
        fields = Fields.of(decoding, "", merged, FORM);
        name = name();
        bootstrap = BootstrapDecoder.decode(fields.map("bootstrap"));
        apt = AptDecoder.decode(fields.map("apt"), bootstrap.suite());
        packages = fields.distinct("packages");
        kernel = kernel();
        hostname = fields.textOrDefault("hostname");
        locale = fields.textOrDefault("locale");
        locales = fields.distinct("locales");
        timezone = timezone();
        keyboard = fields.at("keyboard").map(BootDecoder::keyboard);
        root = AccountDecoder.root(fields.map("root"));
        users = AccountDecoder.users(fields, root);
        sshPwauth = fields.flag("ssh_pwauth");
        writeFiles = WriteFileDecoder.decode(fields.list("write_files"));
        overlays = overlays();
        services = ServicesDecoder.decode(fields.map("services"));
        swap = SwapDecoder.decode(fields.map("swap"));
        scratch = fields.at("scratch").flatMap(ScratchDecoder::decode);
        persist = fields.at("persist").map(PersistDecoder::decode).orElse(List.of());
        hooks = HooksDecoder.decode(fields.map("hooks"));
        initramfs = BootDecoder.initramfs(fields.map("initramfs"));
        boot = BootDecoder.boot(fields.map("boot"));
        fields.end();
        if (decoding.problems().none()) {
            requireALogin();
        }
    }

    /** {@return the profile; meaningful only when there was no problem} */
    Profile profile(Provenance provenance) {
        return new Profile(
                name,
                bootstrap,
                apt,
                packages,
                kernel,
                hostname,
                locale,
                locales,
                timezone,
                keyboard,
                users,
                root,
                sshPwauth,
                writeFiles,
                overlays,
                services,
                swap,
                scratch,
                persist,
                hooks,
                initramfs,
                boot,
                provenance);
    }

    private String name() {
        Optional<Cursor> value = fields.at("name");
        if (value.isEmpty()) {
            fields.missing("name", "give the root a name, as in name: bookworm");
        }
        return value.flatMap(Cursor::text).orElse("");
    }

    private Kernel kernel() {
        return fields.at("kernel").flatMap(ProfileDecoder::kernel).orElseGet(Kernel.Auto::new);
    }

    private static Optional<Kernel> kernel(Cursor value) {
        Optional<String> text = value.plain();
        if (text.isEmpty() || text.get().equals("auto")) {
            return Optional.empty();
        }
        if (!text.get().contains("/")) {
            return value.as(KERNEL_PACKAGE).text().map(Kernel.Package::new);
        }
        Optional<Path> path = value.hostPath();
        path.filter(file -> !Files.isRegularFile(file))
                .ifPresent(file -> value.refuse(
                        "there is no kernel at " + file, "give auto, a package's name, or the path of a vmlinuz"));
        return path.map(Kernel.Image::new);
    }

    private String timezone() {
        Optional<Cursor> value = fields.at("timezone");
        Optional<String> zone = value.flatMap(Cursor::text);
        zone.filter(name -> !name.equals(UTC)).ifPresent(name -> requireZone(value.get(), name));
        return zone.orElse(UTC);
    }

    /** The root's own tz database decides in the end; a slip close to a known zone is told now. */
    private static void requireZone(Cursor value, String name) {
        Set<String> known = ZoneId.getAvailableZoneIds();
        if (!known.contains(name)) {
            Nearest.to(name, known)
                    .ifPresent(near ->
                            value.refuse(Shape.shown(name) + " is no time zone", "did you mean \"" + near + "\"?"));
        }
    }

    private List<Path> overlays() {
        Map<Path, Position> paths = new LinkedHashMap<>();
        for (Cursor item : fields.list("overlays")) {
            item.hostPath().ifPresent(path -> {
                if (!Files.isDirectory(path)) {
                    item.refuse(
                            "there is no directory " + path, "overlays are directory trees, relative to the profile");
                }
                paths.putIfAbsent(path, item.value().at());
            });
        }
        return new ArrayList<>(paths.keySet());
    }

    private void requireALogin() {
        if (!root.canLogIn() && users.stream().noneMatch(User::canLogIn)) {
            fields.refuse(
                    "nobody could log in: neither a user nor root has an SSH key, or a password, that opens a shell",
                    "give a user ssh_authorized_keys: [\"file:~/.ssh/id_ed25519.pub\"] or passwd: (from openssl passwd -6),"
                            + " or set root.autologin: true");
        }
    }
}
