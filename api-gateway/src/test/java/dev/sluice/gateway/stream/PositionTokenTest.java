package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTokenTest {

    private static final Positions POSITIONS = Positions.of(0, 1, 127, 128, 300_000, 9_000_000_000L);

    private final PositionToken tokens = new PositionToken("topic-1");

    @Test
    void readsWhatItWrote() {
        String text = tokens.write("acme", POSITIONS);
        assertThat(text).matches("[A-Za-z0-9_-]+").hasSizeLessThan(40);
        assertThat(tokens.read("acme", text, 6)).contains(POSITIONS);
    }

    @Test
    void doesNotReadATokenOfAnotherTenant() {
        assertThat(tokens.read("other", tokens.write("acme", POSITIONS), 6)).isEmpty();
    }

    @Test
    void doesNotReadATokenOfATopicThatWasMadeAnew() {
        assertThat(new PositionToken("topic-2").read("acme", tokens.write("acme", POSITIONS), 6))
                .isEmpty();
    }

    @Test
    void doesNotReadATokenOfAnotherNumberOfPartitions() {
        assertThat(tokens.read("acme", tokens.write("acme", POSITIONS), 7)).isEmpty();
        assertThat(tokens.read("acme", tokens.write("acme", POSITIONS), 5)).isEmpty();
    }

    @Test
    void doesNotMixUpTenantAndTopic() {
        assertThat(new PositionToken("ab").read("c", new PositionToken("a").write("bc", POSITIONS), 6))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "AQ",
                "AQAAAAAA",
                "not a token",
                "%00",
                "AQYA=",
                "\u00e4\u00f6\u00fc",
                "null",
                "[0,1]",
                "1234567890"
            })
    void doesNotReadGarbage(String text) {
        assertThat(tokens.read("acme", text, 6)).isEmpty();
    }

    @Test
    void doesNotReadAnotherSpellingOfAToken() {
        String text = tokens.write("acme", POSITIONS);
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        assertThat(tokens.read("acme", Base64.getUrlEncoder().encodeToString(bytes) + "=", 6))
                .isEmpty();
        assertThat(tokens.read("acme", text + " ", 6)).isEmpty();
    }

    @Test
    void doesNotReadWhatIsTooLong() {
        assertThat(tokens.read("acme", "A".repeat(PositionToken.MAX_LENGTH + 4), 6))
                .isEmpty();
    }
}
