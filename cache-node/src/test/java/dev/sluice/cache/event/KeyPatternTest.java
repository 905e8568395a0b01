package dev.sluice.cache.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPatternTest {

    @ParameterizedTest
    @CsvSource({
        "user:42, user:*",
        "user:42:profile, user:*:profile",
        "user42, user*",
        "v2/users/17/orders/3.14, v*/users/*/orders/*.*",
        "order:6f1c3b1e-8a4f-4b0e-9f65-2b7f0c1d2e3f, order:*",
        "order:6F1C3B1E-8A4F-4B0E-9F65-2B7F0C1D2E3F:lines, order:*:lines",
        "page:d41d8cd98f00b204e9800998ecf8427e, page:*",
        "commit/2c1f94d, commit/*",
        "ulid-01ARZ3NDEKTSV4RRFFQ69G5FAV, ulid-*",
        "session:V1StGXR8Z5jdHi6B, session:*",
        "2026-11-21T09:25:45Z, *-*-*T*:*:*Z",
        "facade, facade",
        "deadbeef, deadbeef",
        "settings, settings",
        "internationalization, internationalization",
        "café:7, café:*",
        "a*b, a*b",
        "٣, ٣",
    })
    void masksWhatTellsOneObjectFromAnother(String key, String pattern) {
        assertThat(KeyPattern.of(key)).isEqualTo(pattern);
    }
}
