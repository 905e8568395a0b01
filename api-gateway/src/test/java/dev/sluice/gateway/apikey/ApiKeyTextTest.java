package dev.sluice.gateway.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTextTest {

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-. é";

    private final RandomGenerator random = Randomness.seeded();

    @Test
    void readsWhatItMade() {
        for (int i = 0; i < 500; i++) {
            ApiKeyText made = ApiKeyText.generate(random.nextBoolean() ? "live" : "test", random);
            assertThat(ApiKeyText.parse(made.reveal())).hasValueSatisfying(read -> {
                assertThat(read.id()).isEqualTo(made.id()).hasSize(16);
                assertThat(read.environment()).isEqualTo(made.environment());
                assertThat(read.hash()).isEqualTo(made.hash()).hasSize(32);
            });
        }
    }

    @Test
    void refusesKeyWithOneCharacterChanged() {
        for (int i = 0; i < 2_000; i++) {
            String key = ApiKeyText.generate("live", random).reveal();
            int at = random.nextInt(key.length());
            char other = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            if (other != key.charAt(at)) {
                String mistyped = key.substring(0, at) + other + key.substring(at + 1);
                assertThat(ApiKeyText.parse(mistyped)).as(mistyped).isEmpty();
            }
        }
    }

    @Test
    void refusesKeyWithTwoNeighboursSwapped() {
        for (int i = 0; i < 2_000; i++) {
            String key = ApiKeyText.generate("test", random).reveal();
            int at = random.nextInt(key.length() - 1);
            if (key.charAt(at) != key.charAt(at + 1)) {
                String swapped = key.substring(0, at) + key.charAt(at + 1) + key.charAt(at) + key.substring(at + 2);
                assertThat(ApiKeyText.parse(swapped)).as(swapped).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "slk_",
                "slk_live_",
                "slk_prod_0123456789abcdef_0123456789012345678901234567890123456789012345678",
                "SLK_live_0123456789abcdef_0123456789012345678901234567890123456789012345678",
                "slk_live_0123456789abcdeé_0123456789012345678901234567890123456789012345678",
                "slk_live_0123456789abcde\u0000_0123456789012345678901234567890123456789012345678"
            })
    void refusesWhatIsNoKey(String text) {
        assertThat(ApiKeyText.parse(text)).isEmpty();
    }

    @Test
    void refusesKeyWithAnythingAround() {
        String key = ApiKeyText.generate("live", random).reveal();
        assertThat(ApiKeyText.parse(key + " ")).isEmpty();
        assertThat(ApiKeyText.parse(" " + key)).isEmpty();
        assertThat(ApiKeyText.parse(key + "\n")).isEmpty();
        assertThat(ApiKeyText.parse(key.repeat(100))).isEmpty();
    }

    @Test
    void neverMakesTheSameTwice() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            assertThat(ids.add(ApiKeyText.generate("live", random).id())).isTrue();
        }
    }

    @Test
    void doesNotShowItselfInText() {
        ApiKeyText key = ApiKeyText.generate("live", random);
        assertThat(key.toString())
                .contains(key.id())
                .doesNotContain(key.reveal().substring(27));
    }
}
