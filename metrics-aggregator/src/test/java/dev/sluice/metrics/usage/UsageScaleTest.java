package dev.sluice.metrics.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageScaleTest {
    @ParameterizedTest
    @CsvSource({
        "DAYS, 2024-02-29T23:59:59.999Z, 28, 2024-03-01T00:00:00Z",
        "DAYS, 2025-12-31T00:00:00Z, 30, 2026-01-01T00:00:00Z",
        "DAYS, 2026-01-01T00:00:00Z, 0, 2026-02-01T00:00:00Z",
        "MINUTES, 2025-12-31T23:59:59.999Z, 59, 2026-01-01T00:00:00Z",
        "MINUTES, 1970-01-01T00:00:00Z, 0, 1970-01-01T01:00:00Z",
        "HOUR_OF_LIMIT, 2025-12-31T23:59:59.999Z, 0, 2026-01-01T00:00:00Z",
        "DAY_OF_LIMIT, 2024-02-28T23:59:59.999Z, 0, 2024-02-29T00:00:00Z",
        "MONTH_OF_LIMIT, 2024-02-01T00:00:00Z, 0, 2024-03-01T00:00:00Z"
    })
    void followsTheCalendar(UsageScale scale, Instant at, int slot, Instant endOfPage) {
        assertThat(scale.slotOf(at)).isEqualTo(slot);
        assertThat(scale.endOf(scale.pageOf(at))).isEqualTo(endOfPage);
    }

    @Test
    void slotsAreMinutesAndDaysThatCoverTheirPage() {
        Random random = Randomness.seeded();
        for (int i = 0; i < 10_000; i++) {
            Instant at = Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L));
            holdsItsStart(UsageScale.MINUTES, at, at.truncatedTo(ChronoUnit.MINUTES));
            holdsItsStart(UsageScale.DAYS, at, at.truncatedTo(ChronoUnit.DAYS));
            holdsItsStart(UsageScale.HOUR_OF_LIMIT, at, at.truncatedTo(ChronoUnit.HOURS));
            holdsItsStart(UsageScale.DAY_OF_LIMIT, at, at.truncatedTo(ChronoUnit.DAYS));
            Instant first = at.atZone(ZoneOffset.UTC).withDayOfMonth(1).toInstant();
            holdsItsStart(UsageScale.MONTH_OF_LIMIT, at, first.truncatedTo(ChronoUnit.DAYS));
        }
    }

    private static void holdsItsStart(UsageScale scale, Instant at, Instant start) {
        assertThat(scale.slotOf(at)).isBetween(0, scale.slots() - 1);
        assertThat(scale.startOf(scale.pageOf(at), scale.slotOf(at))).isEqualTo(start);
        assertThat(scale.endOf(scale.pageOf(at))).isAfter(at);
        assertThat(scale.startOf(scale.pageOf(at), 0)).isBeforeOrEqualTo(at);
    }
}
