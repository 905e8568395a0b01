package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.gateway.ratelimit.LimitFloors.Floor;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.test.Randomness;
import dev.sluice.record.LimitWindow;
import dev.sluice.record.Usage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitFloorsTest {

    private static final String DAY = "2026-01-01T00:00:00Z";
    private static final Limit DAILY = Limits.daily(100);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FakeClock clock = FakeClock.startingAt(Instant.parse("2026-01-01T12:00:00Z"));
    private final LimitFloors floors = new LimitFloors(3, clock, meters);

    private record Said(String tenant, Period period, long since, int part, long charged) {}

    /** Records in any order of windows, parts that grow, repetitions, over some days. */
    @Test
    void isTheSumOfTheNewestPartsOfThePresentWindow() {
        Random random = Randomness.seeded();
        LimitFloors many = new LimitFloors(1_000, clock, meters);
        List<Said> all = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            clock.advance(Duration.ofSeconds(random.nextInt(120)));
            long now = CalendarWindow.micros(clock.instant());
            Period period = Limits.oneOf(random, Period.values());
            Said said = new Said(
                    "tenant-" + random.nextInt(3),
                    period,
                    period.startOf(
                            now - (random.nextInt(4) == 0 ? Duration.ofHours(2).toNanos() / 1_000 : 0)),
                    random.nextInt(4),
                    i);
            all.add(said);
            many.put(said.tenant, "limit", said.period, said.since, said.part, said.charged);
            Period asked = Limits.oneOf(random, Period.values());
            String tenant = "tenant-" + random.nextInt(3);
            Limit limit = Limits.of("limit", new CalendarWindow(asked, 10), Mode.ENFORCE);
            assertThat(many.used(tenant, limit)).isEqualTo(sum(all, tenant, asked, asked.startOf(now)));
        }
        assertThat(meters.get("sluice.limit.floors").gauge().value()).isLessThanOrEqualTo(12);
    }

    private static long sum(List<Said> all, String tenant, Period period, long since) {
        if (period == Period.MINUTE) {
            return 0;
        }
        Map<Integer, Long> parts = new HashMap<>();
        all.stream()
                .filter(said -> said.tenant.equals(tenant) && said.period == period && said.since == since)
                .forEach(said -> parts.put(said.part, said.charged));
        return parts.values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void isToldToCountsOfWhichNothingIsKnown() {
        day("acme", 7);
        assertThat(floors.toTell("acme", DAILY)).isEqualTo(new Floor(7, Limits.micros(DAY)));
        assertThat(floors.toTell("other", DAILY)).isEqualTo(Floor.NONE);
        assertThat(floors.toTell("acme", Limits.of("day", new CalendarWindow(Period.MONTH, 100), Mode.ENFORCE)))
                .as("a limit of the same name that has another window")
                .isEqualTo(Floor.NONE);
        assertThat(floors.toTell("acme", Limits.of("day", new Gcra(1, 1), Mode.ENFORCE)))
                .isEqualTo(Floor.NONE);
    }

    @Test
    void isToldOnlyToCountsThatBeganWithinTheWindow() {
        day("acme", 7);
        floors.countsAreOld(Duration.ofHours(13));
        assertThat(floors.toTell("acme", DAILY)).isEqualTo(Floor.NONE);
        assertThat(floors.used("acme", DAILY)).isEqualTo(7);
        floors.countsAreOld(Duration.ofHours(11));
        assertThat(floors.toTell("acme", DAILY).amount()).isEqualTo(7);
    }

    @Test
    void keepsAsManyAsItMayAndMakesRoomWhenWindowsEnd() {
        day("one", 1);
        day("two", 1);
        day("three", 1);
        day("four", 1);
        day("three", 2);
        assertThat(floors.used("four", DAILY)).isZero();
        assertThat(floors.used("three", DAILY)).isEqualTo(2);
        assertThat(meters.get("sluice.limit.floors.refused").counter().count()).isEqualTo(1);
        clock.advance(Duration.ofHours(12));
        floors.put("four", "day", Period.DAY, Limits.micros("2026-01-02T00:00:00Z"), 0, 5);
        assertThat(floors.used("four", DAILY)).isEqualTo(5);
        assertThat(floors.used("three", DAILY)).isZero();
        assertThat(meters.get("sluice.limit.floors").gauge().value()).isEqualTo(1);
    }

    @Test
    void holdsNoMorePartsThanATopicMayHave() {
        for (int part = 0; part < 2_000; part++) {
            floors.put("acme", "day", Period.DAY, Limits.micros(DAY), part, 1);
        }
        assertThat(floors.used("acme", DAILY)).isEqualTo(1_000);
        assertThat(meters.get("sluice.limit.floors.refused").counter().count()).isEqualTo(1_000);
    }

    @ParameterizedTest
    @CsvSource({
        "2025-12-31T00:00:00Z, 7",
        "2026-01-02T00:00:00Z, 7",
        "2026-01-01T00:00:00.000001Z, 7",
        "1969-01-01T00:00:00Z, 7",
        "2026-01-01T00:00:00Z, -7"
    })
    void passesOverWhatCannotBeOfThePresentWindow(String since, long charged) {
        day("acme", 3);
        floors.put("acme", "day", Period.DAY, Limits.micros(since), 0, charged);
        assertThat(floors.toTell("acme", DAILY).amount()).isEqualTo(3);
    }

    @Test
    void doesNotRunOver() {
        floors.put("acme", "day", Period.DAY, Limits.micros(DAY), 0, Long.MAX_VALUE);
        floors.put("acme", "day", Period.DAY, Limits.micros(DAY), 1, Long.MAX_VALUE);
        assertThat(floors.used("acme", DAILY)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void hearsWhatTheLogSaysOfLimitsAndNothingElse() {
        UsageListener.hear(null, floors);
        UsageListener.hear(usage("", LimitWindow.DAY, 5), floors);
        UsageListener.hear(usage("day", LimitWindow.UNKNOWN, 5), floors);
        UsageListener.hear(usage("day", LimitWindow.SECOND, 5), floors);
        assertThat(meters.get("sluice.limit.floors").gauge().value()).isZero();
        UsageListener.hear(usage("day", LimitWindow.DAY, 5), floors);
        assertThat(floors.used("acme", DAILY)).isEqualTo(5);
    }

    private void day(String tenant, long charged) {
        floors.put(tenant, "day", Period.DAY, Limits.micros(DAY), 0, charged);
    }

    static Usage usage(String limit, LimitWindow window, long charged) {
        return Usage.newBuilder()
                .setTenant("acme")
                .setKeyId("")
                .setGroup("")
                .setDay(LocalDate.parse("2026-01-01"))
                .setRequests(0)
                .setLimited(0)
                .setCost(0)
                .setUpdatedAt(Instant.EPOCH)
                .setLimit(limit)
                .setWindow(window)
                .setSince(Instant.parse(DAY))
                .setCharged(charged)
                .build();
    }
}
