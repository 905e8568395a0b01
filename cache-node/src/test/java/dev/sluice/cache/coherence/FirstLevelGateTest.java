package dev.sluice.cache.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.kafka.LogPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirstLevelGateTest {
    private final List<String> calls = new ArrayList<>();
    private final FakeLog log = new FakeLog();
    private final FirstLevelGate gate = new FirstLevelGate(log, Duration.ofSeconds(2), new FirstLevelGate.FirstLevel() {
        @Override
        public void suspend() {
            calls.add("suspend");
        }

        @Override
        public void resume() {
            calls.add("resume");
        }
    });

    @Test
    void isClosedUntilTheLogIsFollowed() {
        gate.check();
        assertThat(gate.isOpen()).isFalse();
        assertThat(calls).containsExactly("suspend");
        log.following = true;
        gate.check();
        assertThat(gate.isOpen()).isTrue();
        assertThat(calls).containsExactly("suspend", "resume");
    }

    @Test
    void closesPastTheLagAndOpensAgainWhenCaughtUp() {
        log.following = true;
        gate.check();
        log.staleness = Duration.ofSeconds(2);
        gate.check();
        assertThat(gate.isOpen()).isTrue();
        log.staleness = Duration.ofMillis(2_001);
        gate.check();
        gate.check();
        assertThat(gate.isOpen()).isFalse();
        log.staleness = Duration.ZERO;
        gate.check();
        assertThat(calls).containsExactly("suspend", "resume", "suspend", "resume");
    }

    private static final class FakeLog implements LogFollower {
        private boolean following;
        private Duration staleness = Duration.ZERO;

        @Override
        public boolean following() {
            return following;
        }

        @Override
        public Optional<LogPosition> position() {
            return Optional.empty();
        }

        @Override
        public Duration staleness() {
            return staleness;
        }
    }
}
