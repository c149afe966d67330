package dev.nbroot.profile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A profile as sorted maps and lists under the names of the YAML keys, defaults filled in, absent values left out. What may
 * be a secret, and what depends on where the profile lies, is written down by the kind of tree.
 */
abstract class ProfileTree {
    /** {@return a text that may be a secret, as this tree shows it} */
    abstract String secret(String text);

    /** {@return an address, which may carry {@code user:password@}} */
    abstract String address(String text);

    /** {@return a path of the host} */
    abstract String path(Path path);

    /** Puts what is in a file. */
    abstract void content(Map<String, Object> tree, FileContent content);

    /** {@return the answers for debconf} */
    abstract Object debconf(List<DebconfSelection> selections);

    /** {@return the command of a hook} */
    abstract String run(Hook hook);

    final Map<String, Object> tree(Profile profile) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("name", profile.name());
        tree.put("bootstrap", bootstrap(profile.bootstrap()));
        tree.put("apt", apt(profile.apt()));
        tree.put("packages", profile.packages());
        tree.put("kernel", kernel(profile.kernel()));
        tree.put("hostname", profile.hostname());
        tree.put("locale", profile.locale());
        tree.put("locales", profile.locales());
        tree.put("timezone", profile.timezone());
        profile.keyboard().ifPresent(keyboard -> tree.put("keyboard", keyboard(keyboard)));
        tree.put("users", each(profile.users(), this::user));
        tree.put("root", root(profile.root()));
        tree.put("ssh_pwauth", profile.sshPwauth());
        tree.put("write_files", each(profile.writeFiles(), this::writeFile));
        tree.put("overlays", each(profile.overlays(), this::path));
        tree.put("services", services(profile.services()));
        tree.put("swap", swap(profile.swap()));
        profile.scratch().ifPresent(scratch -> tree.put("scratch", scratch(scratch)));
        if (!profile.persist().isEmpty()) {
            tree.put("persist", each(profile.persist(), Path::toString));
        }
        tree.put("hooks", hooks(profile.hooks()));
        tree.put("initramfs", initramfs(profile.initramfs()));
        tree.put("boot", boot(profile.boot()));
        return tree;
    }

    private Map<String, Object> bootstrap(Bootstrap bootstrap) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("suite", bootstrap.suite());
        tree.put("architecture", bootstrap.architecture());
        tree.put("variant", bootstrap.variant().word());
        put(tree, "mirror", bootstrap.mirror().map(this::address));
        tree.put("components", bootstrap.components());
        put(tree, "snapshot", bootstrap.snapshot());
        put(tree, "keyring", bootstrap.keyring().map(this::path));
        return tree;
    }

    private Map<String, Object> apt(Apt apt) {
        Map<String, Object> sources = new TreeMap<>();
        for (AptSource source : apt.sources()) {
            Map<String, Object> tree = new TreeMap<>();
            tree.put("source", address(source.line()));
            tree.put("filename", source.filename());
            put(tree, "key", source.key().map(this::secret));
            sources.put(source.name(), tree);
        }
        Map<String, Object> tree = new TreeMap<>();
        tree.put("install_recommends", apt.installRecommends());
        put(tree, "http_proxy", apt.httpProxy().map(this::address));
        tree.put("sources", sources);
        tree.put("debconf_selections", debconf(apt.debconfSelections()));
        return tree;
    }

    private Object kernel(Kernel kernel) {
        if (kernel instanceof Kernel.Package named) {
            return named.name();
        }
        return kernel instanceof Kernel.Image image ? fileOf(image.path()) : "auto";
    }

    /** A kernel's path is told from a package's name by its slash. */
    private String fileOf(Path path) {
        String text = path(path);
        return text.startsWith("/") ? text : "./" + text;
    }

    private Map<String, Object> keyboard(Keyboard keyboard) {
        return new TreeMap<>(Map.of(
                "layout", keyboard.layout(),
                "model", keyboard.model(),
                "variant", keyboard.variant(),
                "options", keyboard.options()));
    }

    private Map<String, Object> user(User user) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("name", user.name());
        tree.put("gecos", user.gecos());
        put(tree, "uid", user.uid());
        put(tree, "primary_group", user.primaryGroup());
        tree.put("groups", user.groups());
        tree.put("shell", user.shell().toString());
        tree.put("homedir", user.home().toString());
        tree.put("no_create_home", !user.createHome());
        tree.put("system", user.system());
        tree.put("sudo", user.sudo());
        put(tree, "passwd", user.passwd().map(hash -> secret(hash.crypt())));
        tree.put("autologin", user.autologin());
        tree.put("ssh_authorized_keys", each(user.sshAuthorizedKeys(), SshKey::line));
        return tree;
    }

    private Map<String, Object> root(RootAccount root) {
        Map<String, Object> tree = new TreeMap<>();
        put(tree, "passwd", root.passwd().map(hash -> secret(hash.crypt())));
        tree.put("autologin", root.autologin());
        tree.put("ssh_authorized_keys", each(root.sshAuthorizedKeys(), SshKey::line));
        return tree;
    }

    private Map<String, Object> writeFile(WriteFile file) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("path", file.path().toString());
        content(tree, file.content());
        tree.put("permissions", String.format("%04o", file.mode()));
        tree.put("owner", file.owner() + ":" + file.group());
        tree.put("append", file.append());
        return tree;
    }

    private Map<String, Object> services(Services services) {
        return new TreeMap<>(
                Map.of("enable", services.enable(), "disable", services.disable(), "mask", services.mask()));
    }

    private Map<String, Object> swap(Swap swap) {
        Map<String, Object> tree = new TreeMap<>();
        put(tree, "zram", swap.zram().map(Size::toString));
        return tree;
    }

    private Map<String, Object> scratch(Scratch scratch) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("kind", scratch.store().word());
        if (scratch.store() instanceof Scratch.Memory memory) {
            tree.put("size", memory.size().toString());
        } else if (scratch.store() instanceof Scratch.Image image) {
            tree.put("size", image.size().toString());
        } else if (scratch.store() instanceof Scratch.Disk disk) {
            tree.put("label", disk.label());
        }
        tree.put("directories", each(scratch.directories(), Path::toString));
        return tree;
    }

    private Map<String, Object> hooks(Hooks hooks) {
        return new TreeMap<>(Map.of(
                "setup", each(hooks.setup(), this::hook),
                "essential", each(hooks.essential(), this::hook),
                "customize", each(hooks.customize(), this::hook),
                "cleanup", each(hooks.cleanup(), this::hook)));
    }

    private Map<String, Object> hook(Hook hook) {
        return new TreeMap<>(Map.of(
                "run",
                run(hook),
                "chroot",
                hook.chroot(),
                "timeout",
                hook.timeout().toSeconds()));
    }

    private Map<String, Object> initramfs(Initramfs initramfs) {
        return new TreeMap<>(Map.of(
                "generator", initramfs.generator().word(),
                "modules", initramfs.modules().word(),
                "compress", initramfs.compress().word(),
                "extra_modules", initramfs.extraModules()));
    }

    private Map<String, Object> boot(Boot boot) {
        return new TreeMap<>(Map.of(
                "mode", boot.mode().word(),
                "console", each(boot.console(), Boot.Console::argument),
                "cmdline", boot.cmdline()));
    }

    private static void put(Map<String, Object> tree, String key, Optional<?> value) {
        value.ifPresent(present -> tree.put(key, present));
    }

    static <T> List<Object> each(List<T> values, Function<T, ?> as) {
        return new ArrayList<>(values.stream().map(as).toList());
    }
}
