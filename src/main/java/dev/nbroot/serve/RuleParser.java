package dev.nbroot.serve;

import dev.nbroot.nfs.export.Squash;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.Ipv4Network;
import dev.nbroot.system.MacAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads export rules. The options have the names and meanings of exports(5); what is not said is the least.
 *
 * <pre>
 * WHAT=WORD[,WORD…]
 * WHAT   roots | NAME (a root) | MAC (that client's view) | /DIRECTORY
 * WORD   a machine: 192.168.1.7 | 192.168.1.0/24 | 52:54:00:12:34:56
 *        an option: ro | rw, root_squash | no_root_squash | all_squash, anonuid=N, anongid=N, secure, sync
 * </pre>
 */
public final class RuleParser {
    private static final String EXAMPLE = "--export /srv/data=192.168.1.0/24,ro";
    private static final String CARD = "[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}|([0-9A-Fa-f]{4}\\.){2}[0-9A-Fa-f]{4}";
    private static final String ROOT_NAME = "[a-z0-9][a-z0-9.-]{0,62}";
    private static final long HIGHEST_ID = 0xfffffffeL;

    private final String text;
    private final List<Audience> audiences = new ArrayList<>();
    private final Set<String> options = new HashSet<>();
    private OptionalInt uid = OptionalInt.empty();
    private OptionalInt gid = OptionalInt.empty();

    private RuleParser(String text) {
        this.text = text;
    }

    /**
     * Reads one rule.
     *
     * @throws Failure of kind {@code USAGE}, saying what is wrong with which word
     */
    public static ExportRule parse(String text) {
        return new RuleParser(text).parse();
    }

    /**
     * Reads all rules of a command line.
     *
     * @throws Failure of kind {@code USAGE}, also when two of them say something about the same machine and the same
     *     tree, because it could not be told which of them is meant
     */
    public static List<ExportRule> parseAll(List<String> texts) {
        List<ExportRule> rules = texts.stream().map(RuleParser::parse).toList();
        Set<Object> said = new HashSet<>();
        for (ExportRule rule : rules) {
            for (Audience audience : rule.audiences()) {
                if (!said.add(List.of(rule.subject(), audience))) {
                    throw Failure.of(
                            FailureKind.USAGE,
                            "--export: two rules say what " + audience + " may do with " + rule.subject(),
                            "leave one of them out");
                }
            }
        }
        return rules;
    }

    private ExportRule parse() {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw wrong("does not say who may have it", "add machines, as in " + EXAMPLE);
        }
        Subject subject = subject(text.substring(0, equals));
        for (String word : text.substring(equals + 1).split(",", -1)) {
            word(word.strip());
        }
        if (audiences.isEmpty()) {
            throw wrong("names no machine", "add an address, a network or a network card, as in " + EXAMPLE);
        }
        boolean writable = options.contains("rw");
        if (writable && (subject instanceof Subject.AllRoots || subject instanceof Subject.Root)) {
            throw wrong(
                    "would let machines write to generations, which never change",
                    "clone the root for a machine that is to write: nbroot clone --help");
        }
        Rights rights = new Rights(writable, squash(subject), options.contains("secure"), options.contains("sync"));
        return new ExportRule(subject, audiences, rights, text);
    }

    private Subject subject(String what) {
        if (what.startsWith("/")) {
            return new Subject.Directory(directory(what));
        }
        if (what.equals(Subject.AllRoots.WORD)) {
            return new Subject.AllRoots();
        }
        if (what.matches(CARD)) {
            return new Subject.View(MacAddress.parse(what));
        }
        if (what.contains("/") || what.isEmpty() || what.startsWith(".")) {
            throw wrong("is not about an absolute path", "begin it with a slash, as in " + EXAMPLE);
        }
        if (!what.matches(ROOT_NAME)) {
            throw wrong(
                    "is about '" + what + "', which cannot be the name of a root",
                    "write roots, a root's name, a client's MAC address or an absolute path before the '='");
        }
        return new Subject.Root(what);
    }

    private Path directory(String what) {
        try {
            Path path = Path.of(what);
            if (!path.equals(path.normalize())) {
                throw wrong("has '.' or '..' in its path", "write " + path.normalize());
            }
            return path;
        } catch (InvalidPathException e) {
            throw wrong("is about what cannot be a path: " + e.getReason(), "write it as in " + EXAMPLE);
        }
    }

    private void word(String word) {
        if (word.matches(CARD)) {
            add(new Audience.Card(MacAddress.parse(word)));
        } else if (word.matches("[0-9]+[./].*")) {
            add(new Audience.Network(Ipv4Network.parse(word, "--export '" + text + "'")));
        } else if (word.startsWith("anonuid=")) {
            uid = id(word, uid);
        } else if (word.startsWith("anongid=")) {
            gid = id(word, gid);
        } else {
            option(word);
        }
    }

    private void add(Audience audience) {
        if (audiences.contains(audience)) {
            throw wrong("names " + audience + " twice", "leave one of them out");
        }
        audiences.add(audience);
    }

    private void option(String word) {
        Set<String> contrary = switch (word) {
            case "ro", "rw" -> Set.of("ro", "rw");
            case "root_squash", "no_root_squash", "all_squash" -> Set.of("root_squash", "no_root_squash", "all_squash");
            case "secure", "insecure" -> Set.of("secure", "insecure");
            case "sync", "async" -> Set.of("sync", "async");
            default ->
                throw wrong(
                        "has '" + word + "', which is neither a machine nor an option",
                        "machines are written 192.168.1.7, 192.168.1.0/24 or 52:54:00:12:34:56; options are ro,"
                                + " rw, root_squash, no_root_squash, all_squash, anonuid=N, anongid=N, secure, sync");
        };
        for (String other : contrary) {
            if (options.contains(other)) {
                throw wrong("says both " + other + " and " + word, "leave one of them out");
            }
        }
        options.add(word);
    }

    private OptionalInt id(String word, OptionalInt before) {
        String digits = word.substring(word.indexOf('=') + 1);
        if (before.isPresent()) {
            throw wrong("has " + word.substring(0, word.indexOf('=')) + " twice", "leave one of them out");
        }
        long id = digits.matches("[0-9]{1,10}") ? Long.parseLong(digits) : 0;
        if (id < 1 || id > HIGHEST_ID) {
            throw wrong(
                    "has '" + word + "', which is not the id of a user or group without privileges",
                    "give a number from 1 to " + HIGHEST_ID + "; without it squashed callers are " + Squash.NOBODY);
        }
        return OptionalInt.of((int) id);
    }

    /** A diskless machine must be root in its own root; elsewhere nobody is unless it is said. */
    private Squash squash(Subject subject) {
        Squash.Whose whose = options.contains("all_squash")
                ? Squash.Whose.EVERYBODY
                : options.contains("root_squash") || !options.contains("no_root_squash") && isDirectory(subject)
                        ? Squash.Whose.ROOT
                        : Squash.Whose.NO_ONE;
        if (whose == Squash.Whose.NO_ONE && (uid.isPresent() || gid.isPresent())) {
            throw wrong("says who squashed callers become, but squashes nobody", "add root_squash or all_squash");
        }
        return new Squash(whose, uid.orElse(Squash.NOBODY), gid.orElse(Squash.NOBODY));
    }

    private static boolean isDirectory(Subject subject) {
        return subject instanceof Subject.Directory;
    }

    private Failure wrong(String what, String hint) {
        return Failure.of(FailureKind.USAGE, "--export '" + text + "' " + what, hint);
    }
}
