package dev.nbroot.profile;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Keys that people bring along from cloud-init and other builders, and why they are none here. */
final class RefusedKeys {
    private static final Map<String, Refusal> TABLE = table();

    private RefusedKeys() {}

    /** Why a key is refused, and what to write instead. */
    record Refusal(String reason, String hint) {}

    /** {@return the refusal of this key in this map} */
    static Optional<Refusal> find(String path, String key) {
        String place = path.replaceAll("\\[[0-9]+]", "[]").replaceAll("^apt\\.sources\\.[^.]+", "apt.sources.NAME");
        return Optional.ofNullable(TABLE.get(place.isEmpty() ? key : place + "." + key));
    }

    private static Map<String, Refusal> table() {
        Map<String, Refusal> table = new HashMap<>();
        onTheClient(table);
        passwords(table);
        keysFromTheNet(table);
        elsewhere(table);
        return Map.copyOf(table);
    }

    private static void onTheClient(Map<String, Refusal> table) {
        String reason = "cloud-init runs it on the client at boot, nbroot builds the root beforehand";
        String hint = "use hooks.customize with chroot: true, or a systemd unit by write_files and services.enable";
        table.put("runcmd", new Refusal(reason, hint));
        table.put("bootcmd", new Refusal(reason, hint));
        String always = "a root is always built from the newest package lists of its sources";
        table.put("package_update", new Refusal(always, "leave it out"));
        table.put("package_upgrade", new Refusal(always, "leave it out"));
    }

    private static void passwords(Map<String, Refusal> table) {
        Refusal plain = new Refusal(
                "passwords in plain text are refused, profiles are kept and shared",
                "make a hash with: openssl passwd -6, and write it as passwd: in single quotes");
        for (String place : new String[] {"users[].", "root.", ""}) {
            table.put(place + "plain_text_passwd", plain);
            table.put(place + "password", plain);
        }
        table.put("chpasswd", plain);
        table.put("users[].hashed_passwd", new Refusal("the hash goes into passwd here", "write passwd:"));
    }

    private static void keysFromTheNet(Map<String, Refusal> table) {
        table.put(
                "users[].ssh_import_id",
                new Refusal(
                        "nbroot takes keys from the profile and from files, not from the network",
                        "save the keys and write ssh_authorized_keys: [\"file:keys/ada.pub\"]"));
        Refusal server = new Refusal(
                "a key fetched from a key server at build time is whatever the network answers",
                "export the key once with gpg --armor --export and write it as key:");
        table.put("apt.sources.NAME.keyid", server);
        table.put("apt.sources.NAME.keyserver", server);
    }

    private static void elsewhere(Map<String, Refusal> table) {
        for (String key :
                new String[] {"suite", "architecture", "variant", "mirror", "components", "snapshot", "keyring"}) {
            table.put(key, new Refusal("there is no such key", "did you mean \"bootstrap." + key + "\"?"));
        }
        move(table, "bootstrap.arch", "architecture");
        move(table, "bootstrap.packages", "packages");
        move(table, "apt.proxy", "http_proxy");
        move(table, "ssh_authorized_keys", "users[].ssh_authorized_keys");
        move(table, "fqdn", "hostname");
        move(table, "autologin", "root.autologin");
        move(table, "console", "boot.console");
        move(table, "cmdline", "boot.cmdline");
        move(table, "zram", "swap.zram");
        move(table, "mode", "boot.mode");
        move(table, "files", "write_files");
        move(table, "users[].home", "homedir");
        move(table, "users[].password_hash", "passwd");
        move(table, "write_files[].mode", "permissions");
    }

    private static void move(Map<String, Refusal> table, String from, String to) {
        table.put(from, new Refusal("there is no such key", "did you mean \"" + to + "\"?"));
    }
}
