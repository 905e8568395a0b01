package dev.sluice.metrics.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.RequestBatch;
import dev.sluice.record.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random batches, some of them a day old, against an oracle that walks over every request. The seed is the repetition. */
class UsageTopologyPropertyTest {
    private static final List<String> TENANTS = List.of("acme", "acme2", "zeta");
    private static final List<String> ROUTES = List.of("/api/v1/events", "shop", "__none__");

    @RepeatedTest(12)
    void minutesAndDaysAreWhatTheOracleCounted(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        UsageOracle oracle = new UsageOracle();
        Map<String, Usage> newest = new HashMap<>();
        try (UsageHarness topology = new UsageHarness()) {
            for (int i = 0; i < 120; i++) {
                topology.pass(Duration.ofSeconds(random.nextInt(1200)));
                RequestBatch batch = randomBatch(topology.now(), random);
                oracle.count(batch);
                topology.publish(batch);
                newest.putAll(topology.newUsage());
            }
            assertThat(topology.stored(UsageScale.DAYS)).isEqualTo(oracle.by(ChronoUnit.DAYS));
            assertThat(topology.stored(UsageScale.MINUTES)).isEqualTo(oracle.by(ChronoUnit.MINUTES));

            topology.pass(UsageProcessor.SEND_INTERVAL);
            newest.putAll(topology.newUsage());
            assertThat(UsageOracle.sumOfParts(newest.values()))
                    .as("the newest record of each key is the truth")
                    .isEqualTo(oracle.by(ChronoUnit.DAYS));
            assertThat(UsageOracle.sumOfCharges(newest.values(), topology.now()))
                    .as("what limits were charged")
                    .isEqualTo(oracle.charged(topology.now()));
            assertThat(topology.metered("sluice.metrics.requests"))
                    .isEqualTo((double) oracle.sum(all -> true).requests());
        }
    }

    private static RequestBatch randomBatch(Instant now, Random random) {
        Duration age = random.nextInt(10) == 0
                ? Duration.ofHours(random.nextInt(24))
                : Duration.ofMillis(random.nextInt(3_000));
        // Two minutes more, the longest that a batch spans: what lies ahead of now would be moved.
        Instant at = now.minus(age).minus(Duration.ofMinutes(2)).truncatedTo(ChronoUnit.MILLIS);
        return Requests.random(TENANTS.get(random.nextInt(3)), ROUTES.get(random.nextInt(3)), at, random);
    }
}
