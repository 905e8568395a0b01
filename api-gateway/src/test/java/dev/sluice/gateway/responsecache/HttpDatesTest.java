package dev.sluice.gateway.responsecache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDatesTest {

    private static final long NOW = Instant.parse("2026-11-22T00:00:00Z").toEpochMilli();
    private static final long DATE = Instant.parse("1994-11-06T08:49:37Z").toEpochMilli();

    /** RFC 9110, section 5.6.7. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "sun, 06 NOV 1994 08:49:37 gMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994"
            })
    void readsTheThreeForms(String text) {
        assertThat(HttpDates.parse(text, NOW)).hasValue(DATE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "Thu, 18 Aug 2050 02:01:18 UTC",
                "Thu, 18 Aug 50 02:01:18 GMT",
                "Thu 18 Aug 2050 02:01:18 GMT",
                "Thu, 18  Aug  2050 02:01:18 GMT",
                "Thu, 18-Aug-2050 02:01:18 GMT",
                "Thu, 18 Aug 2050 02.01.18 GMT",
                "Thu, 18 Aug 2050 2:01:18 GMT",
                "Thu, 31 Feb 2050 02:01:18 GMT",
                "Thu, 18 Aug 2050 25:01:18 GMT",
                "Thu, 18 Aug 2050 02:01:18 GMT; Thu, 18 Aug 2050 02:01:18 GMT; Thu, 18 Aug 2050"
            })
    void readsNothingElse(String text) {
        assertThat(HttpDates.parse(text, NOW)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_700_000_000_000L, 2_208_989_000_000L, 9_999_999_999_000L})
    void readsWhatItWrites(long millis) {
        assertThat(HttpDates.parse(HttpDates.write(millis), NOW)).hasValue(millis);
    }
}
