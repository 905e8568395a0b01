package dev.sluice.webhook.retry;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the Retry-After header (RFC 9110, 10.2.3): seconds, or a date in one of HTTP's three forms. Pure. */
public final class RetryAfter {

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
    private static final List<DateTimeFormatter> DATES = List.of(
            DateTimeFormatter.RFC_1123_DATE_TIME,
            DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC));

    private RetryAfter() {}

    /** How long the receiver asks to wait; empty for garbage. A date in the past asks for no wait. */
    public static Optional<Duration> parse(@Nullable String header, Instant now) {
        if (header == null || header.length() > 64) {
            return Optional.empty();
        }
        String value = header.strip();
        if (SECONDS.matcher(value).matches()) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        return date(value).map(date -> date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO);
    }

    private static Optional<Instant> date(String value) {
        for (DateTimeFormatter format : DATES) {
            try {
                return Optional.of(format.parse(value, Instant::from));
            } catch (DateTimeException _) {
                // Not this form; the next may fit.
            }
        }
        return Optional.empty();
    }
}
