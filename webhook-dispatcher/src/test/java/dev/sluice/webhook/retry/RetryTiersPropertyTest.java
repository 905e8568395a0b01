package dev.sluice.webhook.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Whatever the wait, a delivery that hops from delay to delay arrives when it is due. */
class RetryTiersPropertyTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<Duration> DELAYS = Topics.WEBHOOK_RETRY_DELAYS;

    private final RetryTiers tiers = new RetryTiers(DELAYS);

    @RepeatedTest(200)
    void aWaitOfAnyLengthEndsExactlyWhenItIsDue(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Instant due = START.plusMillis(random.nextLong(1L << random.nextInt(1, 29)));
        Instant now = START;
        int hops = 0;
        while (now.isBefore(due)) {
            int tier = tiers.tierFor(Duration.between(now, due));
            Instant release = tiers.releaseAt(tier, now, due);
            assertThat(release).isAfter(now).isBeforeOrEqualTo(due);
            now = release;
            hops++;
        }
        assertThat(now).isEqualTo(due);
        assertThat(hops).as("rewrites of one delivery").isLessThanOrEqualTo(40);
    }

    @RepeatedTest(50)
    void nothingStaysLongerInATopicThanItsDelayAndAFifth(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Instant due = START.plusMillis(random.nextLong(1L << random.nextInt(1, 31)));
        int tier = tiers.tierFor(Duration.between(START, due));
        Duration stay = Duration.between(START, tiers.releaseAt(tier, START, due));

        assertThat(stay).isLessThanOrEqualTo(DELAYS.get(tier).multipliedBy(6).dividedBy(5));
    }

    @Test
    void everyStandardDelayWithItsJitterStaysInOneTopicOnceItFits() {
        for (int tier = 0; tier < DELAYS.size(); tier++) {
            Duration withJitter = DELAYS.get(tier).multipliedBy(11).dividedBy(10);
            assertThat(tiers.tierFor(withJitter)).isEqualTo(tier);
            assertThat(tiers.releaseAt(tier, START, START.plus(withJitter))).isEqualTo(START.plus(withJitter));
        }
    }

    @Test
    void whatIsOverdueGoesToTheShortestAndLeavesAtOnce() {
        assertThat(tiers.tierFor(Duration.ofSeconds(-10))).isZero();
        assertThat(tiers.tierFor(Duration.ZERO)).isZero();
        assertThat(tiers.releaseAt(0, START, START.minusSeconds(10))).isBefore(START);
    }

    @Test
    void refusesDelaysOutOfOrder() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryTiers(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryTiers(List.of(Duration.ofSeconds(2), Duration.ofSeconds(1))));
    }
}
