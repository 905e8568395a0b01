package dev.sluice.webhook.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is held of one partition: in the order of release, within its bounds. */
class PartitionBacklogTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final PartitionBacklog backlog = new PartitionBacklog(new BacklogLimits(3, 100), offset -> offset == 7);

    @Test
    void givesOutInTheOrderOfReleaseAndThenOfTheLog() {
        backlog.add(task(0, 1, NOW.plusSeconds(2)));
        backlog.add(task(1, 1, NOW));
        backlog.add(task(2, 1, NOW));

        assertThat(backlog.pollReleased(NOW).orElseThrow().offset()).isEqualTo(1);
        assertThat(backlog.pollReleased(NOW).orElseThrow().offset()).isEqualTo(2);
        assertThat(backlog.pollReleased(NOW)).isEmpty();
        assertThat(backlog.nextRelease()).hasValue(NOW.plusSeconds(2));
        assertThat(backlog.pollReleased(NOW.plusSeconds(2)).orElseThrow().offset())
                .isZero();
        assertThat(backlog.nextRelease()).isEmpty();
    }

    @Test
    void isFullByCountUntilTheOldestIsDone() {
        for (int offset = 0; offset < 3; offset++) {
            assertThat(backlog.full()).isFalse();
            backlog.add(task(offset, 1, NOW));
        }
        assertThat(backlog.full()).isTrue();
        Task first = take();
        Task second = take();

        backlog.complete(second);
        assertThat(backlog.full())
                .as("the first one keeps the second from being committed")
                .isTrue();

        backlog.complete(first);
        assertThat(backlog.full()).isFalse();
        assertThat(backlog.size()).isEqualTo(1);
        assertThat(backlog.committable()).contains(new Progress(2, ""));
    }

    @Test
    void isFullByBytesUntilEnoughIsDone() {
        backlog.add(task(0, 60, NOW));
        assertThat(backlog.full()).isFalse();
        backlog.add(task(1, 40, NOW));
        assertThat(backlog.full()).isTrue();

        backlog.complete(take());
        assertThat(backlog.full()).isFalse();
    }

    @Test
    void isIdleWhenWhatWasStartedIsDoneHoweverMuchWaits() {
        assertThat(backlog.idle()).isTrue();
        backlog.add(task(0, 1, NOW));
        backlog.add(task(1, 1, NOW));
        assertThat(backlog.idle()).isTrue();

        Task started = take();
        assertThat(backlog.idle()).isFalse();
        backlog.complete(started);
        assertThat(backlog.idle()).isTrue();
    }

    @Test
    void whatFailedWaitsAgainAndHoldsTheCommitBack() {
        backlog.add(task(0, 1, NOW));
        Task started = take();
        backlog.postpone(started, NOW.plusSeconds(1));

        assertThat(backlog.idle()).isTrue();
        assertThat(backlog.committable()).isEmpty();
        assertThat(backlog.pollReleased(NOW)).isEmpty();
        Task again = backlog.pollReleased(NOW.plusSeconds(1)).orElseThrow();
        backlog.complete(again);
        assertThat(backlog.committable()).contains(new Progress(1, ""));
    }

    @Test
    void aFailedCommitIsRepeated() {
        backlog.add(task(0, 1, NOW));
        backlog.complete(take());
        backlog.markCommitted();
        assertThat(backlog.committable()).isEmpty();

        backlog.forgetCommit();
        assertThat(backlog.committable()).contains(new Progress(1, ""));
    }

    @Test
    void limitsMustLeaveRoomForSomething() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BacklogLimits(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new BacklogLimits(1, 0));
        assertThat(BacklogLimits.DEFAULT).isEqualTo(new BacklogLimits(1_000, 4L << 20));
    }

    private Task take() {
        return backlog.pollReleased(NOW).orElseThrow();
    }

    private static Task task(long offset, int bytes, Instant releaseAt) {
        return new Task(offset, bytes, releaseAt, () -> CompletableFuture.completedFuture(null));
    }
}
