package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import java.time.Duration;
import java.util.concurrent.Callable;

/** The fake keeps the contract, so that tests over it mean something. */
class FakeSecondLevelTest extends SecondLevelContract {

    private final FakeClock clock = FakeClock.fixed();
    private final FakeSecondLevel level = new FakeSecondLevel(clock);

    @Override
    SecondLevel level() {
        return level;
    }

    @Override
    void awaitAfter(Duration time, Callable<Boolean> condition) {
        clock.advance(time);
        try {
            assertThat(condition.call()).isTrue();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
