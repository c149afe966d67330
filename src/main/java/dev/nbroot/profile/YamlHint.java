package dev.nbroot.profile;

/** What to try when text is not YAML: the usual slips, by the words of SnakeYAML's messages. */
final class YamlHint {
    private YamlHint() {}

    static String forProblem(String context, String problem) {
        if (problem.contains("TAB")) {
            return "indent with spaces, not with tabs";
        }
        if (context.contains("alias") || context.contains("anchor") || context.contains("tag")) {
            return "a value that begins with * & or ! needs quotes";
        }
        if (problem.contains("undefined alias")) {
            return "a value that begins with * needs quotes";
        }
        if (problem.contains("cannot start any token")) {
            return "a value that begins with this character needs quotes";
        }
        if (problem.contains("mapping values are not allowed")) {
            return "a value with \": \" in it needs quotes; otherwise check the indentation";
        }
        if (problem.contains("another document") || context.contains("single document")) {
            return "a profile is one YAML document: remove the line ---";
        }
        return "check indentation, quotes and brackets here and on the line above";
    }
}
