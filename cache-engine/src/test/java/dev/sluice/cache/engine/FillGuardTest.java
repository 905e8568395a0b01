package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.newKey;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FillGuardTest {

    private final FillGuard guard = new FillGuard();
    private final CacheKey key = newKey();

    @Test
    void aTokenIsCurrentUntilItsKeyMayHaveChanged() {
        long token = guard.token(key);
        assertThat(guard.isCurrent(key, token)).isTrue();

        guard.voidTokens(key);

        assertThat(guard.isCurrent(key, token)).isFalse();
        assertThat(guard.isCurrent(key, guard.token(key))).isTrue();
    }

    @Test
    void aTokenIsCurrentUntilAllKeysMayHaveChanged() {
        long token = guard.token(key);

        guard.voidAllTokens();

        assertThat(guard.isCurrent(key, token)).isFalse();
    }

    @Test
    void aTokenCanBeSpentOnce() {
        long token = guard.token(key);

        assertThat(guard.spend(key, token)).isTrue();
        assertThat(guard.spend(key, token)).isFalse();
        assertThat(guard.isCurrent(key, token)).isFalse();
    }

    @Test
    void spendingAVoidTokenStillVoidsTheOthers() {
        long early = guard.token(key);
        guard.voidTokens(key);
        long late = guard.token(key);

        assertThat(guard.spend(key, early)).isFalse();

        assertThat(guard.isCurrent(key, late)).isFalse();
    }

    @Test
    void aTokenFromBeforeAClearCannotBeSpent() {
        long token = guard.token(key);
        guard.voidAllTokens();

        assertThat(guard.spend(key, token)).isFalse();
    }

    @Test
    void noMixtureOfVoidingsMakesAnOldTokenCurrentAgain() {
        long token = guard.token(key);
        for (int i = 0; i < 1000; i++) {
            if (i % 3 == 0) {
                guard.voidAllTokens();
            } else {
                guard.voidTokens(key);
            }
            assertThat(guard.isCurrent(key, token)).isFalse();
        }
    }
}
