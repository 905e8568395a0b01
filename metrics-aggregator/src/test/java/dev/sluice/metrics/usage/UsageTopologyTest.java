package dev.sluice.metrics.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.sluice.record.ChargedLimit;
import dev.sluice.record.LimitVerdict;
import dev.sluice.record.LimitWindow;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.RequestEntry;
import dev.sluice.record.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTopologyTest {
    private static final RequestEntry GOOD = Requests.entry("key-1", "events", 202, LimitVerdict.ALLOWED);
    private static final RequestEntry LIMITED = Requests.entry("key-1", "events", 429, LimitVerdict.LIMITED);

    private final UsageHarness topology = new UsageHarness();

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void sendsWhatADayHasComeToUnderOneKey() {
        publish(topology.now(), GOOD, LIMITED);
        topology.pass(UsageProcessor.SEND_INTERVAL);
        publish(topology.now(), GOOD);
        topology.pass(UsageProcessor.SEND_INTERVAL);

        Map<String, Usage> sent = topology.newUsage();
        assertThat(sent).containsOnlyKeys("acme|key-1|events|2026-01-01|0");
        Usage usage = sent.values().iterator().next();
        assertThat(usage.getDay()).isEqualTo(LocalDate.parse("2026-01-01"));
        assertThat(usage.getRequests()).isEqualTo(3);
        assertThat(usage.getLimited()).isEqualTo(1);
        assertThat(usage.getClientErrors()).isEqualTo(1);
        assertThat(usage.getServerErrors()).isZero();
        assertThat(usage.getCost()).isEqualTo(2);
        assertThat(usage.getRequestBytes()).isEqualTo(30);
        assertThat(usage.getResponseBytes()).isEqualTo(300);
        assertThat(usage.getPart()).isZero();
        assertThat(usage.getUpdatedAt()).isEqualTo(topology.now());
    }

    @Test
    void sendsWhatAWindowOfALimitWasChargedUnderOneKeyAndTakesItBackWhenItIsOver() {
        charge(Requests.charge("hour@key-1", LimitWindow.HOUR, topology.now(), 3));
        topology.pass(UsageProcessor.SEND_INTERVAL);
        charge(Requests.charge("hour@key-1", LimitWindow.HOUR, topology.now(), 4));
        topology.pass(UsageProcessor.SEND_INTERVAL);

        String key = "acme|hour@key-1|HOUR|2026-01-01T00:00:00Z|0";
        Map<String, Usage> sent = topology.newUsage();
        assertThat(sent).containsOnlyKeys(key);
        Usage usage = sent.values().iterator().next();
        assertThat(usage.getTenant()).isEqualTo("acme");
        assertThat(usage.getLimit()).isEqualTo("hour@key-1");
        assertThat(usage.getWindow()).isEqualTo(LimitWindow.HOUR);
        assertThat(usage.getSince()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(usage.getCharged()).isEqualTo(7);
        assertThat(usage.getPart()).isZero();
        // Who adds up what keys used is not to count it.
        assertThat(usage.getCost()).isZero();
        assertThat(usage.getRequests()).isZero();
        assertThat(topology.stored(UsageScale.DAYS)).isEmpty();

        topology.pass(Duration.ofHours(1));
        assertThat(topology.newUsage()).as("a gateway may still tell of it").isEmpty();
        topology.pass(Duration.ofHours(2));
        assertThat(topology.newUsage()).containsExactly(entry(key, null));
        assertThat(topology.stored(UsageScale.HOUR_OF_LIMIT)).isEmpty();
        charge(Requests.charge("hour@key-1", LimitWindow.HOUR, Instant.parse("2026-01-01T00:00:00Z"), 4));
        topology.pass(UsageProcessor.SEND_INTERVAL);
        assertThat(topology.newUsage()).as("it is over").isEmpty();
    }

    @Test
    void passesOverChargesThatItDoesNotKnowAndCountsHostileOnesForNow() {
        charge(
                new ChargedLimit("limit", LimitWindow.UNKNOWN, topology.now(), 1L),
                new ChargedLimit("limit", LimitWindow.SECOND, topology.now(), 1L),
                new ChargedLimit("limit", LimitWindow.MINUTE, topology.now(), 1L),
                new ChargedLimit("limit", LimitWindow.DAY, Instant.parse("3000-01-01T00:00:00Z"), 1L),
                new ChargedLimit("limit", LimitWindow.DAY, Instant.parse("-200000-01-01T00:00:00Z"), 2L),
                new ChargedLimit("limit", LimitWindow.DAY, topology.now(), Long.MIN_VALUE),
                new ChargedLimit("limit", LimitWindow.DAY, topology.now().plusSeconds(7), Long.MAX_VALUE));
        topology.pass(UsageProcessor.SEND_INTERVAL);
        assertThat(topology.newUsage().values()).singleElement().satisfies(usage -> {
            assertThat(usage.getSince()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
            assertThat(usage.getCharged()).isEqualTo(Long.MAX_VALUE);
        });
    }

    @Test
    void setsABatchAsideThatNamesNoLimit() {
        charge(new ChargedLimit("", LimitWindow.DAY, topology.now(), 1L));
        charge(new ChargedLimit("a\u0000b", LimitWindow.DAY, topology.now(), 1L));
        assertThat(topology.newPoison()).hasSize(2);
    }

    @Test
    void sendsOnlyDaysThatChanged() {
        publish(topology.now(), GOOD);
        topology.pass(UsageProcessor.SEND_INTERVAL);
        assertThat(topology.newRecords()).isEqualTo(1);
        topology.pass(Duration.ofMinutes(10));
        assertThat(topology.newRecords()).isZero();

        publish(topology.now().minus(Duration.ofDays(1)), GOOD);
        topology.pass(UsageProcessor.SEND_INTERVAL);
        assertThat(topology.newUsage()).containsOnlyKeys("acme|key-1|events|2025-12-31|0");
    }

    @Test
    void countsARequestWhereItEndedAlsoOverMidnight() {
        Instant beforeMidnight = topology.now().plus(Duration.ofDays(1)).minusSeconds(1);
        topology.pass(Duration.ofHours(25));
        publish(
                beforeMidnight,
                GOOD,
                Requests.entry(Duration.ofSeconds(2), "key-1", "events", 500, LimitVerdict.ALLOWED, 1, 0, 0));
        topology.pass(UsageProcessor.SEND_INTERVAL);

        assertThat(UsageOracle.sumOfParts(topology.newUsage().values()))
                .isEqualTo(Map.of(
                        "acme|key-1|events|2026-01-01T00:00:00Z", new UsageTally(1, 0, 0, 0, 10, 100, 1),
                        "acme|key-1|events|2026-01-02T00:00:00Z", new UsageTally(1, 0, 0, 1, 0, 0, 1)));
        assertThat(topology.stored(UsageScale.MINUTES))
                .containsOnlyKeys("acme|key-1|events|2026-01-01T23:59:00Z", "acme|key-1|events|2026-01-02T00:00:00Z");
    }

    @Test
    void noRequestIsLate() {
        publish(topology.now(), GOOD);
        publish(topology.now().minus(Duration.ofHours(23)), GOOD);
        assertThat(topology.stored(UsageScale.MINUTES)).hasSize(2);
        assertThat(topology.stored(UsageScale.DAYS)).hasSize(2);
    }

    @Test
    void forgetsPagesThatAreTooOldToBeAskedFor() {
        publish(topology.now(), GOOD);
        topology.pass(Duration.ofDays(2));
        assertThat(topology.stored(UsageScale.MINUTES))
                .as("all of its hour is older")
                .hasSize(1);
        topology.pass(Duration.ofHours(2));
        assertThat(topology.stored(UsageScale.MINUTES)).isEmpty();
        assertThat(topology.stored(UsageScale.DAYS)).hasSize(1);
        topology.pass(Duration.ofDays(432));
        assertThat(topology.stored(UsageScale.DAYS)).isEmpty();
    }

    @Test
    void countsRequestsWithoutKeyOrGroup() {
        publish(topology.now(), Requests.entry(null, null, 200, LimitVerdict.NOT_LIMITED));
        assertThat(topology.stored(UsageScale.DAYS)).containsOnlyKeys("acme||other|2026-01-01T00:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3000-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "-200000-01-01T00:00:00Z"})
    void aHostileTimestampCountsForNow(String hostile) {
        publish(topology.now(), GOOD);
        publish(Instant.parse(hostile), GOOD);
        assertThat(topology.stored(UsageScale.MINUTES).values())
                .singleElement()
                .satisfies(tally -> assertThat(tally.requests()).isEqualTo(2));
    }

    @Test
    void hostileOffsetsAndSizesDoNoHarm() {
        publish(
                topology.now(),
                Requests.entry(
                        Duration.ofNanos(Long.MAX_VALUE), "key-1", "events", -7, LimitVerdict.UNKNOWN, -1, -1, -1),
                Requests.entry(
                        Duration.ofNanos(Long.MIN_VALUE),
                        "key-1",
                        "events",
                        Integer.MAX_VALUE,
                        LimitVerdict.ALLOWED,
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        Long.MAX_VALUE),
                GOOD);
        assertThat(topology.stored(UsageScale.MINUTES).values())
                .singleElement()
                .isEqualTo(new UsageTally(3, 0, 0, 0, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
    }

    @Test
    void setsABatchThatCannotBeCountedAsideAndGoesOn() {
        publish(topology.now(), Requests.entry("key\u0000", "events", 200, LimitVerdict.ALLOWED), GOOD);
        topology.publishRaw(null);
        topology.publishRaw("{}".getBytes(StandardCharsets.UTF_8));
        publish(topology.now(), GOOD);
        assertThat(topology.newPoison()).hasSize(3);
        assertThat(topology.stored(UsageScale.DAYS).values())
                .as("nothing of a batch that is set aside is counted")
                .singleElement()
                .satisfies(tally -> assertThat(tally.requests()).isEqualTo(1));
    }

    private void charge(ChargedLimit... charges) {
        RequestBatch batch = Requests.batch("acme", "__limits__", topology.now());
        batch.setCharges(List.of(charges));
        topology.publish(batch);
    }

    private void publish(Instant at, RequestEntry... entries) {
        topology.publish(Requests.batch("acme", "/api/v1/events", at, entries));
    }
}
