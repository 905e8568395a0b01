package dev.sluice.gateway.ingest;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Internet timestamps (RFC 3339, section 5.6), to the microsecond that the log keeps. Pure. */
final class Rfc3339 {

    // Hour 24 and second 60 are refused: what they mean differs between readers.
    private static final Pattern FORM =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}T([01]\\d|2[0-3]):\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})");

    private Rfc3339() {}

    static Optional<Instant> parse(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        if (text.length() > 35 || !FORM.matcher(upper).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(upper).toInstant().truncatedTo(ChronoUnit.MICROS));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
