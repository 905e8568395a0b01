package dev.sluice.metrics.usage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.usage.Requests;
import dev.sluice.metrics.usage.UsageHarness;
import dev.sluice.metrics.usage.UsageOracle;
import dev.sluice.metrics.usage.UsageOracle.Seen;
import dev.sluice.metrics.usage.UsageReader;
import dev.sluice.metrics.usage.UsageTally;
import dev.sluice.metrics.usage.http.UsageAnswers.Subject;
import dev.sluice.record.RequestBatch;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** What is answered for random ranges, against an oracle that walks over every request. The seed is the repetition. */
class UsageAnswersPropertyTest {
    private static final List<String> TENANTS = List.of("acme", "acme2", "zeta");
    private static final List<UsageStep> STEPS = List.of(UsageStep.values());

    @RepeatedTest(8)
    void sumsAreThoseOfTheOracle(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        UsageOracle oracle = new UsageOracle();
        try (UsageHarness topology = new UsageHarness()) {
            for (int i = 0; i < 150; i++) {
                topology.pass(Duration.ofMinutes(random.nextInt(1500)));
                Instant at = topology.now().minus(Duration.ofMinutes(3)).truncatedTo(ChronoUnit.MILLIS);
                RequestBatch batch = Requests.random(TENANTS.get(random.nextInt(3)), "shop", at, random);
                oracle.count(batch);
                topology.publish(batch);
            }
            for (int i = 0; i < 60; i++) {
                compare(topology.reader(), oracle, randomRange(topology.now(), random), random);
            }
        }
    }

    private static void compare(UsageReader reader, UsageOracle oracle, UsageRange range, Random random) {
        String tenant = TENANTS.get(random.nextInt(3));
        String key = random.nextBoolean() ? "key-" + random.nextInt(4) : null;
        UsageQuestion question = new UsageQuestion(reader, new Subject(tenant, key, null), range);
        UsageSums sums = question.plus(
                new UsageSums(range), question.decode(question.read(Set.of(0)).encode()));

        assertThat(sums.total()).isEqualTo(sum(oracle, tenant, key, range.from(), range.to()));
        Instant expectedStart = range.from();
        for (Instant start : sums.points().keySet()) {
            assertThat(start).as("no gap").isEqualTo(expectedStart);
            expectedStart = range.step().next(start);
            assertThat(sums.points().get(start))
                    .as("%s from %s", range.step(), start)
                    .isEqualTo(sum(oracle, tenant, key, start, expectedStart));
        }
        assertThat(expectedStart).isEqualTo(range.to());
        assertThat(total(sums.byGroup().values())).isEqualTo(sums.total());
        assertThat(total(sums.byKey().values())).isEqualTo(sums.total());
        sums.byKey()
                .forEach((id, tally) -> assertThat(tally).isEqualTo(sum(oracle, tenant, id, range.from(), range.to())));
    }

    private static UsageTally total(Iterable<UsageTally> tallies) {
        UsageTally total = UsageTally.NONE;
        for (UsageTally tally : tallies) {
            total = total.plus(tally);
        }
        return total;
    }

    private static UsageTally sum(UsageOracle oracle, String tenant, @Nullable String key, Instant from, Instant to) {
        return oracle.sum((Seen seen) -> seen.tenant().equals(tenant)
                && (key == null || seen.keyId().equals(key))
                && !seen.at().isBefore(from)
                && seen.at().isBefore(to));
    }

    /** Minutes only as far back as they are kept. */
    private static UsageRange randomRange(Instant now, Random random) {
        UsageStep step = STEPS.get(random.nextInt(STEPS.size()));
        long seconds = (step == UsageStep.MINUTE ? Duration.ofHours(47) : Duration.ofDays(120)).toSeconds();
        Instant from = now.minusSeconds(random.nextLong(seconds));
        long longest =
                Math.min(Duration.between(from, now).toSeconds(), step.longest().toSeconds());
        Instant to = from.plusSeconds(random.nextLong(longest + 1));
        return new UsageRange(step, step.floor(from), step.ceiling(to));
    }
}
