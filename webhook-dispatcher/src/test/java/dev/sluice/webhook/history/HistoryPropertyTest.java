package dev.sluice.webhook.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is remembered, against lists of all that was told. */
class HistoryPropertyTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration RETENTION = Duration.ofHours(1);

    private final Random random = Randomness.seeded();

    @Test
    void whileThereIsRoomItHasTheLatestOfEachEndpointWhateverOrderTheyCameIn() {
        for (int round = 0; round < 50; round++) {
            History history = new History(20, Integer.MAX_VALUE, RETENTION);
            List<Entry> told = entries(300, 4);
            Instant now = START.plus(Duration.ofMinutes(90));
            List<Entry> order = new ArrayList<>(told);
            // In what order partitions are read is chance; some of it is heard again.
            Collections.shuffle(order, random);
            order.addAll(order.subList(0, 50));
            order.forEach(entry -> history.add(entry, now));
            for (int endpoint = 0; endpoint < 4; endpoint++) {
                String id = "ep_" + endpoint;
                List<Entry> expected = told.stream()
                        .filter(entry -> entry.endpointId().equals(id))
                        .filter(entry -> !entry.position().at().isBefore(now.minus(RETENTION)))
                        .sorted(Comparator.comparing(Entry::position).reversed())
                        .limit(20)
                        .toList();
                assertThat(history.of("acme", id, now).entries()).isEqualTo(expected);
                assertThat(history.of("other", id, now).entries()).isEmpty();
            }
        }
    }

    @Test
    void neverHasMoreThanItMayAndTakesItFromThoseThatHaveMost() {
        History history = new History(1_000, 500, RETENTION);
        Instant now = START.plusSeconds(3_000);
        for (int i = 0; i < 10; i++) {
            history.add(entry("ep_quiet", i), now);
        }
        for (int i = 0; i < 5_000; i++) {
            history.add(entry("ep_busy" + random.nextInt(2), i), now);
            assertThat(history.size()).isLessThanOrEqualTo(500);
        }
        assertThat(history.of("acme", "ep_quiet", now).entries()).hasSize(10);
        assertThat(history.of("acme", "ep_busy0", now).entries()).hasSizeGreaterThan(150);
        assertThat(history.of("acme", "ep_busy1", now).entries()).hasSizeGreaterThan(150);
        assertThat(history.of("acme", "ep_busy0", now)
                        .entries()
                        .getFirst()
                        .position()
                        .at())
                .isAfter(START.plusSeconds(4));
    }

    @Test
    void moreEndpointsThanThereIsRoomForAreStillBounded() {
        History history = new History(1_000, 100, RETENTION);
        Instant now = START.plusSeconds(3_000);
        for (int i = 0; i < 2_000; i++) {
            history.add(entry("ep_" + i, i), now);
            assertThat(history.size()).isLessThanOrEqualTo(100);
        }
    }

    @Test
    void ofMoreEndpointsThanThereIsRoomForThoseAreRememberedThatWereHeardOfLast() {
        History history = new History(1_000, 100, RETENTION);
        Instant now = START.plusSeconds(3_000);
        for (int i = 0; i < 2_000; i++) {
            history.add(entry("ep_" + i, i), now);
            assertThat(history.size()).isGreaterThanOrEqualTo(Math.min(i + 1, 80));
        }
        for (int i = 1_920; i < 2_000; i++) {
            assertThat(history.of("acme", "ep_" + i, now).entries()).hasSize(1);
        }
        History.Remembered forgotten = history.of("acme", "ep_0", now);
        assertThat(forgotten.entries()).isEmpty();
        assertThat(forgotten.completeFrom()).isAfter(START);
    }

    @Test
    void ofMoreTenantsThanThereIsRoomForThoseAreRememberedThatWereHeardOfLast() {
        History history = new History(1_000, 100, RETENTION);
        Instant now = START.plusSeconds(3_000);
        for (int i = 0; i < 2_000; i++) {
            history.add(
                    Entries.attempt("tenant_" + i, "ep_" + i, "msg_" + i, 1, START.plusMillis(i), State.DELIVERED),
                    now);
            assertThat(history.size()).isBetween(Math.min(i + 1, 80), 100);
        }
        for (int i = 1_920; i < 2_000; i++) {
            assertThat(history.of("tenant_" + i, "ep_" + i, now).entries()).hasSize(1);
        }
    }

    @Test
    void aTenantThatHasNoMoreThanItsShareMissesNothingWhateverOthersHave() {
        for (int round = 0; round < 30; round++) {
            int max = 200 + random.nextInt(400);
            int tenants = 2 + random.nextInt(5);
            History history = new History(1_000, max, RETENTION);
            Instant now = START.plusSeconds(3_000);
            Map<String, List<Entry>> told = new HashMap<>();
            for (int i = 0; i < 5 * max; i++) {
                // One has most of it, on many endpoints.
                int tenant = random.nextInt(10) < 7 ? 0 : random.nextInt(tenants);
                String id = "t" + tenant;
                List<Entry> own = told.computeIfAbsent(id, unseen -> new ArrayList<>());
                if (tenant > 0 && own.size() >= max * 9 / 10 / tenants) {
                    continue;
                }
                String endpoint = "ep_" + id + "_" + random.nextInt(tenant == 0 ? 50 : 3);
                Entry entry = Entries.attempt(id, endpoint, "msg_" + i, 1, START.plusMillis(i), State.DELIVERED);
                own.add(entry);
                history.add(entry, now);
                assertThat(history.size()).isLessThanOrEqualTo(max);
            }
            told.forEach((tenant, entries) -> {
                if (!tenant.equals("t0")) {
                    assertThat(entries)
                            .allSatisfy(entry -> assertThat(history.of(tenant, entry.endpointId(), now)
                                            .entries())
                                    .contains(entry));
                }
            });
        }
    }

    @Test
    void forgetsWhatIsOld() {
        History history = new History(10, 100, RETENTION);
        history.add(entry("ep_1", 0), START);
        assertThat(history.of("acme", "ep_1", START.plus(RETENTION)).entries()).hasSize(1);
        assertThat(history.of("acme", "ep_1", START.plus(RETENTION).plusSeconds(1))
                        .entries())
                .isEmpty();
        history.add(entry("ep_1", 5_000_000), START.plusSeconds(5_000));
        assertThat(history.size()).isEqualTo(1);
    }

    @Test
    void saysFromWhenOnNothingIsMissing() {
        for (int round = 0; round < 50; round++) {
            History history = new History(20, 60, RETENTION);
            List<Entry> told = entries(300, 6);
            Instant now = START.plus(Duration.ofMinutes(90));
            told.forEach(entry -> history.add(entry, now));
            for (int endpoint = 0; endpoint < 7; endpoint++) {
                String id = "ep_" + endpoint;
                History.Remembered remembered = history.of("acme", id, now);
                List<Entry> all = told.stream()
                        .filter(entry -> entry.endpointId().equals(id))
                        .filter(entry -> !entry.position().at().isBefore(remembered.completeFrom()))
                        .sorted(Comparator.comparing(Entry::position).reversed())
                        .toList();
                assertThat(remembered.completeFrom()).isAfterOrEqualTo(now.minus(RETENTION));
                assertThat(remembered.entries()).startsWith(all.toArray(Entry[]::new));
            }
            assertThat(history.of("acme", "ep_nobody", now).completeFrom()).isEqualTo(now.minus(RETENTION));
        }
    }

    private List<Entry> entries(int count, int endpoints) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(Entries.attempt(
                    "ep_" + random.nextInt(endpoints),
                    "msg_" + random.nextInt(40),
                    i + 1,
                    START.plusSeconds(random.nextInt(90 * 60)),
                    State.RETRYING));
        }
        return entries;
    }

    private static Entry entry(String endpoint, int millis) {
        return Entries.attempt(endpoint, "msg_" + millis, 1, START.plusMillis(millis), State.DELIVERED);
    }
}
