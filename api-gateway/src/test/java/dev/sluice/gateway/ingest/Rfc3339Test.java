package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T12:00:00Z, 2026-01-31T12:00:00Z",
        "2026-01-31t12:00:00z, 2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00.5Z, 2026-01-31T12:00:00.5Z",
        "2026-01-31T12:00:00.123456789Z, 2026-01-31T12:00:00.123456Z",
        "2026-01-31T12:00:00+05:30, 2026-01-31T06:30:00Z",
        "2026-01-31T12:00:00-00:00, 2026-01-31T12:00:00Z",
        "2024-02-29T23:59:59-18:00, 2024-03-01T17:59:59Z"
    })
    void readsInternetTimestampsToTheMicrosecond(String text, Instant expected) {
        assertThat(Rfc3339.parse(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-01-31",
                "2026-01-31T12:00:00",
                "2026-01-31 12:00:00Z",
                "2026-01-31T12:00Z",
                "2026-01-31T24:00:00Z",
                "2026-12-31T23:59:60Z",
                "2026-02-29T12:00:00Z",
                "2026-13-01T12:00:00Z",
                "2026-01-31T12:60:00Z",
                "2026-01-31T12:00:00.Z",
                "2026-01-31T12:00:00.1234567890Z",
                "2026-01-31T12:00:00+19:00",
                "2026-01-31T12:00:00+0100",
                "2026-01-31T12:00:00[Europe/Paris]",
                "+2026-01-31T12:00:00Z",
                "12026-01-31T12:00:00Z",
                " 2026-01-31T12:00:00Z",
                "2026-01-31T12:00:00Z\n",
                "٢٠٢٦-01-31T12:00:00Z",
                "1769860800"
            })
    void refusesWhatReadersUnderstandDifferently(String text) {
        assertThat(Rfc3339.parse(text)).isEmpty();
    }
}
