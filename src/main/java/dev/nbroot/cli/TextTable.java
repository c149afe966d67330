package dev.nbroot.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Lines in columns.
 *
 * @param header above them
 * @param rows as long as the header each
 */
record TextTable(List<String> header, List<List<String>> rows) {
    String text() {
        int[] widths = IntStream.range(0, header.size())
                .map(column -> IntStream.concat(
                                IntStream.of(length(header.get(column))),
                                rows.stream().mapToInt(row -> length(row.get(column))))
                        .max()
                        .orElse(0))
                .toArray();
        return Stream.concat(Stream.of(header), rows.stream())
                .map(row -> line(row, widths))
                .collect(Collectors.joining("\n"));
    }

    private static String line(List<String> row, int[] widths) {
        return IntStream.range(0, row.size())
                .mapToObj(column -> row.get(column) + " ".repeat(widths[column] - length(row.get(column))))
                .collect(Collectors.joining("  "))
                .stripTrailing();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
