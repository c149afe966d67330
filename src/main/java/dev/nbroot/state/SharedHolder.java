package dev.nbroot.state;

import dev.nbroot.report.Failure;
import dev.nbroot.system.MacAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The machine that has a root's shared tree, in the file {@code holder} beside it: so it is known after any end of the
 * server.
 *
 * @param card its network card, where that is known
 * @param address the address that it called from last
 * @param since when it began, ISO 8601 in UTC
 */
public record SharedHolder(Optional<MacAddress> card, String address, String since) {
    private static final String UNKNOWN = "-";

    /** {@return whether this is that machine: by the card, which an address may change hands between} */
    public boolean is(Optional<MacAddress> otherCard, String otherAddress) {
        return card.isPresent() && otherCard.isPresent() ? card.equals(otherCard) : address.equals(otherAddress);
    }

    /** {@return the line that the file has} */
    public String line() {
        return card.map(MacAddress::colons).orElse(UNKNOWN) + " " + address + " " + since + "\n";
    }

    /** {@return who has a tree by its file, which need not exist} */
    public static Optional<SharedHolder> read(Path file) {
        try {
            return Files.exists(file) ? parse(Files.readString(file, StandardCharsets.US_ASCII)) : Optional.empty();
        } catch (IOException e) {
            throw Failure.io("read", file, e);
        }
    }

    /** {@return what a line says; empty when it says nothing} */
    static Optional<SharedHolder> parse(String line) {
        String[] words = line.strip().split(" +");
        return words.length == 3
                ? Optional.of(new SharedHolder(
                        words[0].equals(UNKNOWN) ? Optional.empty() : Optional.of(MacAddress.parse(words[0])),
                        words[1],
                        words[2]))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return card.map(mac -> mac.colons() + " (" + address + ")").orElse(address) + ", since " + since;
    }
}
