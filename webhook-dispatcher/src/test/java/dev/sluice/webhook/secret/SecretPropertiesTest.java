package dev.sluice.webhook.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.platform.kafka.seal.SealingKey;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A start without usable keys fails with a sentence that says what to set. */
class SecretPropertiesTest {
    private static final String GOOD = Base64.getEncoder().encodeToString(new byte[32]);

    @Test
    void thereIsNoDefaultKey() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new SecretProperties(null).keysById())
                .withMessageContaining("sluice.webhook.secret.keys[0].key");
        assertThatIllegalStateException().isThrownBy(() -> new SecretProperties(List.of()).keysById());
    }

    @Test
    void keepsTheKeysInTheirOrder() {
        SecretProperties properties =
                new SecretProperties(List.of(new SealingKey("b", GOOD), new SealingKey("a", GOOD)));

        assertThat(properties.keysById().keySet()).containsExactly("b", "a");
        assertThat(properties.keysById().values())
                .allSatisfy(key -> assertThat(key.getEncoded()).hasSize(32));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "hunter2!", "a canary in clear"})
    void refusesWhatIsNot32BytesInBase64WithoutRepeatingIt(String key) {
        assertThatIllegalStateException()
                .isThrownBy(() -> new SecretProperties(List.of(new SealingKey("a", key))).keysById())
                .withMessageContaining("sluice.webhook.secret.keys")
                .withNoCause()
                .satisfies(e ->
                        assertThat(e.getMessage()).doesNotContain("hunter2").doesNotContain("canary"));
    }

    @Test
    void refusesAnIdTwiceOrBlank() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        new SecretProperties(List.of(new SealingKey("a", GOOD), new SealingKey("a", GOOD))).keysById())
                .withMessageContaining("twice");
        assertThatIllegalStateException()
                .isThrownBy(() -> new SecretProperties(List.of(new SealingKey(" ", GOOD))).keysById());
    }

    @Test
    void doesNotShowKeys() {
        assertThat(new SecretProperties(List.of(new SealingKey("a", GOOD))).toString())
                .doesNotContain(GOOD);
    }
}
