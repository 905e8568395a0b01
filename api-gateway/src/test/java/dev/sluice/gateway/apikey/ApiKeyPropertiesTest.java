package dev.sluice.gateway.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.test.Randomness;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ApiKeyPropertiesTest {

    private static final Duration OFTEN = Duration.ofSeconds(10);

    @Test
    void takesAKeyOrNone() {
        String key = ApiKeyText.generate("live", Randomness.seeded()).reveal();
        assertThat(new ApiKeyProperties("", OFTEN).bootstrapAdmin()).isEmpty();
        assertThat(new ApiKeyProperties(key, OFTEN).bootstrapAdmin()).isEqualTo(key);
        assertThat(new ApiKeyProperties(key, OFTEN).toString()).doesNotContain(key);
    }

    @Test
    void refusesWhatIsNoKeyWithoutRepeatingIt() {
        assertThatThrownBy(() -> new ApiKeyProperties("slk_live_mistyped", OFTEN))
                .hasMessageContaining("sluice.gateway.api-key.bootstrap-admin")
                .hasMessageNotContaining("mistyped");
    }

    @Test
    void refusesToWriteLastUsesAllTheTime() {
        assertThatThrownBy(() -> new ApiKeyProperties("", Duration.ZERO))
                .hasMessageContaining("sluice.gateway.api-key.last-used-interval");
    }
}
