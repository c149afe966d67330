package dev.nbroot.http;

import com.sun.net.httpserver.Headers;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a client knows of a file already, against what the file is now (RFC 9110, section 13).
 *
 * @param tag the entity tag, with its quotes
 * @param modified to the second, as the header has it
 */
record Validators(String tag, Instant modified) {
    /** IMF-fixdate of section 5.6.7: the day has two digits, which the JDK's RFC_1123_DATE_TIME does not give. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

    static Validators of(HttpContent content) {
        return new Validators('"' + content.version() + '"', content.modified().truncatedTo(ChronoUnit.SECONDS));
    }

    void describe(Headers response) {
        response.set("ETag", tag);
        response.set("Last-Modified", DATE.format(modified.atOffset(ZoneOffset.UTC)));
    }

    /** {@return whether the client has this version (If-None-Match, and without it If-Modified-Since)} */
    boolean isKnown(Headers request) {
        List<String> known = request.get("If-None-Match");
        if (known != null) {
            // Compared weakly (section 13.1.2): W/ means the same here.
            return Arrays.stream(String.join(",", known).split(","))
                    .map(one -> one.strip().replaceFirst("^W/", ""))
                    .anyMatch(one -> one.equals("*") || one.equals(tag));
        }
        return date(request.getFirst("If-Modified-Since"))
                .filter(since -> !modified.isAfter(since))
                .isPresent();
    }

    /** {@return whether a range may be sent: not when the client has the beginning of another version (If-Range)} */
    boolean allowRange(Headers request) {
        String condition = request.getFirst("If-Range");
        return condition == null
                || condition.strip().equals(tag)
                || date(condition).filter(modified::equals).isPresent();
    }

    private static Optional<Instant> date(String header) {
        if (header == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ZonedDateTime.parse(header.strip(), DATE.withZone(ZoneOffset.UTC))
                    .toInstant());
        } catch (DateTimeException notUnderstood) {
            // To be ignored (section 13.1.3).
            return Optional.empty();
        }
    }
}
