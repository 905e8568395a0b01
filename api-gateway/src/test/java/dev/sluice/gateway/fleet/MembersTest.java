package dev.sluice.gateway.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MembersTest {

    private static final String TABLE = "keys";

    private final Members members = new Members("self", Duration.ofSeconds(2), Duration.ofSeconds(15));
    private long now = 1;

    @Test
    void isCompleteWhenAllHaveApplied() {
        settle();
        hear("other", 7);
        hear("self", 9);
        assertThat(progress(7)).isEqualTo(new Progress(true, 2, 2, List.of()));
        assertThat(progress(8)).isEqualTo(new Progress(false, 2, 1, List.of("other")));
        hear("other", 8);
        assertThat(progress(8).complete()).isTrue();
    }

    @Test
    void isNeverCompleteBeforeEverybodyCanHaveBeenHeard() {
        hear("self", 9);
        assertThat(progress(1).complete()).isFalse();
        pass(Duration.ofMillis(1_999));
        hear("self", 9);
        assertThat(progress(1).complete()).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(progress(1).complete()).isTrue();
    }

    @Test
    void waitsForOneThatFellSilentUntilItIsTakenForDead() {
        settle();
        hear("other", 1);
        pass(Duration.ofSeconds(15));
        hear("self", 9);
        assertThat(progress(9)).isEqualTo(new Progress(false, 2, 1, List.of("other")));
        pass(Duration.ofNanos(1));
        assertThat(progress(9)).isEqualTo(new Progress(true, 1, 1, List.of()));
    }

    @Test
    void doesNotWaitForOneThatSaidFarewell() {
        settle();
        hear("other", 1);
        hear("self", 9);
        members.left("other");
        assertThat(progress(9).complete()).isTrue();
    }

    @Test
    void isNotCompleteWhileItDoesNotHearItself() {
        settle();
        hear("other", 9);
        pass(Duration.ofSeconds(16));
        hear("other", 9);
        assertThat(progress(9).complete()).as("its own heartbeats are lost").isFalse();
    }

    @Test
    void countsOneThatHasAppliedNothingYet() {
        settle();
        members.heard("new", Map.of(), now);
        assertThat(progress(0).missing()).containsExactly("new");
    }

    private void settle() {
        hear("self", 0);
        pass(Duration.ofSeconds(2));
        hear("self", 0);
    }

    private void hear(String instance, long offset) {
        members.heard(instance, Map.of(TABLE, offset), now);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private Progress progress(long offset) {
        return members.progress(TABLE, offset, now);
    }
}
