package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.DeadReason;
import dev.sluice.record.WebhookOrdering;
import dev.sluice.webhook.egress.Answer;
import dev.sluice.webhook.egress.Body;
import dev.sluice.webhook.retry.RetrySchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows from each kind of answer. */
class JudgeTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RetrySchedule SCHEDULE = new RetrySchedule(
            List.of(Duration.ofSeconds(5), Duration.ofMinutes(5)), /* jitter= */ 0, Duration.ofHours(1));

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 206, 226, 299})
    void everySuccessIsADelivery(int status) {
        assertThat(judge(received(status, "60"), 1)).isEqualTo(new Ruling.Delivered());
        assertThat(judge(received(status, null), 3)).isEqualTo(new Ruling.Delivered());
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 199, 300, 301, 302, 303, 304, 307, 308, 400, 401, 404, 422, 499, 500, 501, 503, 599, 999})
    void everythingElseIsTriedAgainRedirectsIncluded(int status) {
        assertThat(judge(received(status, null), 1)).isEqualTo(new Ruling.Retry(NOW.plusSeconds(5)));
        assertThat(judge(received(status, null), 2)).isEqualTo(new Ruling.Retry(NOW.plusSeconds(300)));
        assertThat(judge(received(status, null), 3)).isEqualTo(new Ruling.GiveUp(DeadReason.EXHAUSTED));
    }

    @ParameterizedTest
    @EnumSource(Answer.Failure.class)
    void noAnswerIsTriedAgainWhateverTheReason(Answer.Failure failure) {
        assertThat(judge(new Answer.Missing(failure), 1)).isEqualTo(new Ruling.Retry(NOW.plusSeconds(5)));
        assertThat(judge(new Answer.Missing(failure), 3)).isEqualTo(new Ruling.GiveUp(DeadReason.EXHAUSTED));
    }

    @Test
    void goneDisablesAtWhateverAttempt() {
        assertThat(judge(received(410, "60"), 1)).isEqualTo(new Ruling.Disable());
        assertThat(judge(received(410, null), 3)).isEqualTo(new Ruling.Disable());
    }

    @ParameterizedTest
    @CsvSource({
        "429, 60, 60", "503, 60, 60", "500, 60, 60", "502, 60, 60",
        "429, 1, 5", "503, -1, 5", "503, soon, 5", "503, 100000, 3600",
        "404, 60, 5", "302, 60, 5", "400, 60, 5"
    })
    void aReceiverThatIsBusyMayAskForTimeWithinBounds(int status, String retryAfter, long seconds) {
        assertThat(judge(received(status, retryAfter), 1)).isEqualTo(new Ruling.Retry(NOW.plusSeconds(seconds)));
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 429, 500, 503})
    void aReceiverThatFailsMayWishThatItIsTheLastTime(int status) {
        assertThat(judge(wishing(status, "abort-message"), 1)).isEqualTo(new Ruling.GiveUp(DeadReason.REFUSED));
        assertThat(judge(wishing(status, " Abort-Message "), 3)).isEqualTo(new Ruling.GiveUp(DeadReason.REFUSED));
        assertThat(judge(wishing(status, "disable"), 1)).isEqualTo(new Ruling.Disable());
        for (String none : new String[] {"", "abort", "disable, abort-message", "delete"}) {
            assertThat(judge(wishing(status, none), 1)).as(none).isEqualTo(new Ruling.Retry(NOW.plusSeconds(5)));
        }
    }

    @Test
    void aWishChangesNothingOfASuccess() {
        assertThat(judge(wishing(204, "disable"), 1)).isEqualTo(new Ruling.Delivered());
        assertThat(judge(wishing(200, "abort-message"), 1)).isEqualTo(new Ruling.Delivered());
    }

    @Test
    void askingForTimeGivesNoFurtherAttempt() {
        assertThat(judge(received(429, "60"), 3)).isEqualTo(new Ruling.GiveUp(DeadReason.EXHAUSTED));
    }

    @Test
    void whatIsOfNoUseByThenIsNotTriedAgain() {
        Ruling again = judge(received(500, null), 1);
        assertThat(again.before(null)).isEqualTo(again);
        assertThat(again.before(NOW.plusSeconds(5))).isEqualTo(again);
        assertThat(again.before(NOW.plusSeconds(5).minusNanos(1_000))).isEqualTo(new Ruling.GiveUp(DeadReason.EXPIRED));
        assertThat(judge(received(204, null), 1).before(NOW)).isEqualTo(new Ruling.Delivered());
        assertThat(judge(received(410, null), 1).before(NOW)).isEqualTo(new Ruling.Disable());
        assertThat(judge(received(500, null), 3).before(NOW)).isEqualTo(new Ruling.GiveUp(DeadReason.EXHAUSTED));
    }

    /** What is tried again or given up is on the log before, so that a log that takes nothing stops it. */
    @ParameterizedTest
    @EnumSource
    void onlyASuccessThatIsNotInOrderEndsItsTurnBeforeTheLogHasIt(WebhookOrdering ordering) {
        assertThat(new Ruling.Delivered().endsTurn(ordering)).isEqualTo(ordering != WebhookOrdering.FIFO);
        assertThat(new Ruling.Retry(NOW).endsTurn(ordering)).isFalse();
        assertThat(new Ruling.GiveUp(DeadReason.EXHAUSTED).endsTurn(ordering)).isFalse();
        assertThat(new Ruling.Disable().endsTurn(ordering)).isFalse();
    }

    private static Answer received(int status, @Nullable String retryAfter) {
        return new Answer.Received(status, retryAfter, Body.of(new byte[0]));
    }

    private static Answer wishing(int status, String header) {
        return new Answer.Received(status, null, Answer.Wish.of(header), Body.of(new byte[0]));
    }

    private static Ruling judge(Answer answer, int attemptsMade) {
        return Judge.judge(answer, attemptsMade, SCHEDULE, NOW, new Random(1));
    }
}
