package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CacheSettingsTest {

    private static final CacheSettings DEFAULTS = CacheSettings.defaults();

    @Test
    void livesAreExactUnlessAskedOtherwise() {
        assertThat(DEFAULTS.ttlJitter()).isZero();
        assertThat(DEFAULTS.maxTtl()).isEqualTo(Duration.ofDays(30));
        assertThat(DEFAULTS.secondLevelDeadline()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void namesWhatItRefuses() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withFirstLevelMaxBytes(0))
                .withMessageStartingWith("firstLevelMaxBytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withTtlJitter(1))
                .withMessageStartingWith("ttlJitter");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withSecondLevelDeadline(Duration.ZERO))
                .withMessageStartingWith("secondLevelDeadline");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withBreaker(0, Duration.ofSeconds(1)))
                .withMessageStartingWith("breakerFailures");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withBreaker(1, Duration.ZERO))
                .withMessageStartingWith("breakerPause");
    }
}
