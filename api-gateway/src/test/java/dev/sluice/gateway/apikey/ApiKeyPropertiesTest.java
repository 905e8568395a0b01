package dev.sluice.gateway.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.test.Randomness;
import org.junit.jupiter.api.Test;

class ApiKeyPropertiesTest {

    @Test
    void takesAKeyOrNone() {
        String key = ApiKeyText.generate("live", Randomness.seeded()).reveal();
        assertThat(new ApiKeyProperties("").bootstrapAdmin()).isEmpty();
        assertThat(new ApiKeyProperties(key).bootstrapAdmin()).isEqualTo(key);
        assertThat(new ApiKeyProperties(key).toString()).doesNotContain(key);
    }

    @Test
    void refusesWhatIsNoKeyWithoutRepeatingIt() {
        assertThatThrownBy(() -> new ApiKeyProperties("slk_live_mistyped"))
                .hasMessageContaining("sluice.gateway.api-key.bootstrap-admin")
                .hasMessageNotContaining("mistyped");
    }
}
