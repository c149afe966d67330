package dev.nbroot.cli;

import picocli.CommandLine.Help.Ansi;

/** Colours for a person's terminal, none for files and pipes. */
record Style(boolean colored) {
    static Style of(GlobalOptions options, Console console) {
        return new Style(
                switch (options.color) {
                    case auto -> console.interactive();
                    case always -> true;
                    case never -> false;
                });
    }

    String failure(String text) {
        return paint("bold,red", text);
    }

    String warning(String text) {
        return paint("yellow", text);
    }

    private String paint(String style, String text) {
        return colored ? Ansi.ON.string("@|" + style + " " + text + "|@") : text;
    }
}
