package dev.nbroot.profile;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a text must look.
 *
 * @param what what it is, as in "a host name"
 * @param pattern of the whole text, in the words that Java and ECMA 262 (JSON Schema) both understand
 * @param hint what to write
 */
record Shape(String what, Pattern pattern, String hint) {
    /** A directory's name and a word in boot menus. */
    static final Shape PROFILE_NAME = of(
            "a profile's name",
            "[a-z0-9][a-z0-9.-]{0,62}",
            "use lower-case letters, digits, . and -, at most 63 characters");

    static final Shape SUITE =
            of("a suite", "[a-z][a-z0-9.-]{1,62}", "give a release's code name in lower case, as in bookworm");

    static final Shape COMPONENT = of("an archive area", "[a-z][a-z0-9./-]*", "as in main or non-free-firmware");

    /** Debian Policy 5.6.1; a final hyphen would make apt remove the package. */
    static final Shape PACKAGE = of(
            "a package name",
            "[a-z0-9][a-z0-9+.-]*[a-z0-9+.](:[a-z0-9]+)?",
            "give the name only, in lower case; -NAME removes what an included profile added");

    /** RFC 1123 2.1; Linux holds 64 bytes (hostname(7)). */
    static final Shape HOSTNAME = of(
            "a host name",
            "(?=.{1,64}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*",
            "use letters, digits and inner hyphens, at most 63 between dots and 64 in all");

    static final Shape LOCALE = of(
            "a locale",
            "(C|POSIX|[a-z]{2,3}(_[A-Z]{2})?)(\\.[A-Za-z0-9-]+)?(@[a-z]+)?",
            "as in C.UTF-8 or de_DE.UTF-8");

    static final Shape TIMEZONE = of(
            "a time zone",
            "[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9][A-Za-z0-9_+-]*){0,2}",
            "as in Etc/UTC or Europe/Berlin");

    static final Shape XKB_LAYOUT = of("an XKB layout", "[A-Za-z0-9_,:()+-]+", "as in de or \"de,us\"");

    static final Shape XKB = of("an XKB name", "[A-Za-z0-9_,:()+-]*", "as in de, pc105, nodeadkeys");

    /** adduser(8)'s NAME_REGEX, which useradd(8) takes as well. */
    static final Shape USER = of(
            "a user name",
            "[a-z_][a-z0-9_-]{0,31}",
            "begin with a lower-case letter; go on with lower-case letters, digits, - and _, at most 32 characters");

    static final Shape GROUP = of("a group name", "[a-z_][a-z0-9_-]{0,31}", "as in sudo or plugdev");

    /** passwd(5): a colon or a line end would begin another field or account. */
    static final Shape GECOS = of("a full name", "[^:\\x00-\\x1f\\x7f]*", "leave out colons and line ends");

    /** sudoers(5), without the user that begins the line. */
    static final Shape SUDO_RULE = of(
            "a sudo rule",
            "[^=\\x00-\\x1f\\x7f]+=[^\\x00-\\x1f\\x7f]+",
            "as in \"ALL=(ALL) NOPASSWD:ALL\", without the user's name");

    static final Shape UNIT = of("a unit name", "[A-Za-z0-9:_.\\\\@-]{1,255}", "as in ssh or apt-daily.timer");

    static final Shape MODULE = of("a kernel module", "[A-Za-z0-9_-]+", "give the module's name, as in i40e");

    /** The kernel splits its command line at blanks. */
    static final Shape CMDLINE_WORD =
            of("one word of a kernel command line", "[^\\s\\x00-\\x1f\\x7f\"]+", "write one list entry for each word");

    /** Documentation/admin-guide/serial-console.rst: speed, parity n o e, bits, r for flow control. */
    static final Shape CONSOLE = of(
            "a console",
            "tty[0-9]{1,2}|(tty[A-Z][A-Za-z]*|ttymxc|hvc|xvc|sclp_line|ttysclp)[0-9]{1,3}(,[1-9][0-9]{2,6}([noe]([5-8]r?)?)?)?",
            "as in tty0 or \"ttyS0,115200n8\"");

    static final Shape APT_FILE =
            of("a file name for apt", "[A-Za-z0-9_-][A-Za-z0-9_.-]*", "use letters, digits, _ . -");

    static final Shape ANY = of("text", "[\\s\\S]*", "write one text here");

    /** A path on the host. */
    static final Shape HOST_PATH =
            of("a path", "[\\s\\S]*\\S[\\s\\S]*", "give a path relative to the profile, or an absolute one");

    /** Absolute, without {@code .} or {@code ..}, not the root directory itself. */
    static final Shape ROOT_PATH = of(
            "a path inside the root",
            "(/+(?!\\.{1,2}(/|$))[^/\\x00-\\x1f\\x7f]+)+/*",
            "begin with / and leave out . and .. as in /etc/motd");

    static Shape of(String what, String pattern, String hint) {
        return new Shape(what, Pattern.compile(pattern), hint);
    }

    /** {@return why this text is not of the shape; empty if it is} */
    Optional<String> complaint(String text) {
        return pattern.matcher(text).matches() ? Optional.empty() : Optional.of(shown(text) + " is not " + what);
    }

    /** {@return a value of the user's in quotes, short and on one line} */
    static String shown(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return "\"" + (plain.length() > 60 ? plain.substring(0, 57) + "..." : plain) + "\"";
    }
}
