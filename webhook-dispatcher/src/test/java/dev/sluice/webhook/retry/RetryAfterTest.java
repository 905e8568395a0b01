package dev.sluice.webhook.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header as receivers send it, well and badly. */
class RetryAfterTest {
    /** A Sunday. */
    private static final Instant NOW = Instant.parse("2026-11-01T08:49:00Z");

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "120, 120", "007, 7", "'  30  ', 30", "999999999, 999999999"})
    void readsSeconds(String header, long seconds) {
        assertThat(RetryAfter.parse(header, NOW)).hasValue(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 01 Nov 2026 08:49:37 GMT",
                "Sunday, 01-Nov-26 08:49:37 GMT",
                "Sun Nov  1 08:49:37 2026",
            })
    void readsTheThreeFormsOfHttpDates(String header) {
        assertThat(RetryAfter.parse(header, NOW)).hasValue(Duration.ofSeconds(37));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                "Sun, 01 Nov 2026 08:49:00 GMT",
            })
    void aDateInThePastAsksForNoWait(String header) {
        assertThat(RetryAfter.parse(header, NOW)).hasValue(Duration.ZERO);
    }

    @Test
    void aTwoDigitYearIsNeverMoreThanFiftyYearsAhead() {
        DateTimeFormatter format = DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.ENGLISH)
                .withZone(ZoneOffset.UTC);
        for (int year = 2026 - 49; year <= 2026 + 50; year++) {
            Instant date = Instant.parse(year + "-07-01T00:00:00Z");
            Duration expected = date.isAfter(NOW) ? Duration.between(NOW, date) : Duration.ZERO;
            assertThat(RetryAfter.parse(format.format(date), NOW))
                    .as("year %d", year)
                    .hasValue(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "+1",
                "1.5",
                "1e3",
                "0x10",
                "1 2",
                "1,2",
                "12s",
                "PT5M",
                "1000000000",
                "99999999999999999999999999",
                "\u0661\u0662",
                "soon",
                "Mon, 01 Nov 2026 08:49:37 GMT",
                "Sun, 01 Nov 2026 25:49:37 GMT",
                "2026-11-01T08:49:37Z",
                "Sun, 01 Nov 2026",
                "Sun, 01 Nov 2026 08:49:37 GMT Sun, 01 Nov 2026 08:49:37 GMT Sun, 01 Nov"
            })
    void garbageAsksForNothing(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isEmpty();
    }

    @Test
    void noHeaderAsksForNothing() {
        assertThat(RetryAfter.parse(null, NOW)).isEmpty();
        assertThat(RetryAfter.parse("1".repeat(100_000), NOW)).isEmpty();
    }
}
