package dev.nbroot.check;

import dev.nbroot.profile.PasswordHash;
import dev.nbroot.profile.Profile;
import dev.nbroot.profile.User;
import java.util.List;
import java.util.Set;

/** Accounts whose ways in, or up, lead nowhere; and the language they are greeted in. */
final class AccountChecks {
    /** Shells that come in packages of their own name. */
    private static final Set<String> SHELLS =
            Set.of("zsh", "fish", "tcsh", "csh", "ksh", "mksh", "ksh93u+m", "elvish", "nu");

    /** The C library has these in the character sets of the last century; others of such names are in UTF-8. */
    private static final Set<String> OLD_LOCALES = Set.of(
            "ca_ES", "cs_CZ", "da_DK", "de_AT", "de_BE", "de_CH", "de_DE", "de_LU", "el_GR", "en_AU", "en_CA", "en_GB",
            "en_IE", "en_NZ", "en_US", "en_ZA", "es_AR", "es_CL", "es_ES", "es_MX", "et_EE", "eu_ES", "fi_FI", "fr_BE",
            "fr_CA", "fr_CH", "fr_FR", "fr_LU", "gl_ES", "hr_HR", "hu_HU", "is_IS", "it_CH", "it_IT", "lt_LT", "lv_LV",
            "nb_NO", "nl_BE", "nl_NL", "nn_NO", "pl_PL", "pt_BR", "pt_PT", "ro_RO", "ru_RU", "sk_SK", "sl_SI", "sv_FI",
            "sv_SE", "tr_TR", "uk_UA");

    private AccountChecks() {}

    static void judge(Profile profile, Findings findings) {
        for (int i = 0; i < profile.users().size(); i++) {
            user(profile, "users[" + i + "]", profile.users().get(i), findings);
        }
        boolean passwords = profile.users().stream().anyMatch(AccountChecks::hasPassword)
                || profile.root().passwd().map(PasswordHash::usable).orElse(false);
        if (profile.sshPwauth() && !passwords) {
            findings.warning(
                    "ssh_pwauth",
                    "SSH takes passwords, but no account has one",
                    "give a user passwd:, or leave it out");
        }
        locale("locale", profile.locale(), findings);
        for (int i = 0; i < profile.locales().size(); i++) {
            locale("locales[" + i + "]", profile.locales().get(i), findings);
        }
    }

    private static boolean hasPassword(User user) {
        return user.passwd().map(PasswordHash::usable).orElse(false);
    }

    private static void user(Profile profile, String key, User user, Findings findings) {
        if (!user.canLogIn() && user.hasShell() && !user.system()) {
            findings.warning(
                    key,
                    user.name() + " has no way to log in",
                    "add ssh_authorized_keys: or passwd:, or say that nobody shall: shell: /usr/sbin/nologin");
        }
        if (user.autologin() && !user.hasShell()) {
            findings.error(
                    key + ".autologin",
                    user.name() + " has no shell, so every console would log in and out for ever",
                    "give the user a shell, or leave autologin out");
        }
        boolean asks = !hasPassword(user) && user.canLogIn();
        List<String> rules = user.sudo();
        if (asks && !rules.isEmpty() && rules.stream().noneMatch(rule -> rule.contains("NOPASSWD:"))) {
            findings.warning(
                    key + ".sudo",
                    "sudo asks for " + user.name() + "'s password, and there is none",
                    "write NOPASSWD: before the commands, as in \"ALL=(ALL) NOPASSWD:ALL\", or add passwd:");
        }
        if (asks && rules.isEmpty() && user.groups().contains("sudo")) {
            findings.warning(
                    key + ".groups",
                    "the group sudo asks for " + user.name() + "'s password, and there is none",
                    "add sudo: \"ALL=(ALL) NOPASSWD:ALL\", or passwd:");
        }
        String shell = user.shell().getFileName().toString();
        if (SHELLS.contains(shell) && !profile.packages().contains(shell)) {
            findings.warning(
                    key + ".shell",
                    user.shell() + " is there only if a package brings it",
                    "add " + shell + " to packages");
        }
    }

    private static void locale(String key, String locale, Findings findings) {
        String name = locale.replaceFirst("@euro$", "");
        if (OLD_LOCALES.contains(name)) {
            findings.warning(
                    key, locale + " is not in UTF-8, so most letters cannot be shown", "write " + name + ".UTF-8");
        }
    }
}
