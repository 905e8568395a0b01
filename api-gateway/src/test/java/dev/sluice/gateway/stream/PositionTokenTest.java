package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTokenTest {

    private static final Positions POSITIONS = Positions.of(0, 1, 127, 128, 300_000, 9_000_000_000L);

    @Test
    void readsWhatItWrote() {
        String text = PositionToken.write("acme", POSITIONS);
        assertThat(text).matches("[A-Za-z0-9_-]+").hasSizeLessThan(45);
        assertThat(PositionToken.read("acme", text)).contains(POSITIONS);
    }

    @Test
    void doesNotReadATokenOfAnotherTenant() {
        assertThat(PositionToken.read("other", PositionToken.write("acme", POSITIONS)))
                .isEmpty();
    }

    @Test
    void tellsTheLogFromAnotherOne() {
        Positions other = POSITIONS.inLog(7);
        assertThat(PositionToken.read("acme", PositionToken.write("acme", other)))
                .contains(other);
        assertThat(other.isInLogOf(POSITIONS)).isFalse();
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
        assertThat(PositionToken.read("acme", text)).isEmpty();
    }

    @Test
    void doesNotReadAnotherSpellingOfAToken() {
        String text = PositionToken.write("acme", POSITIONS);
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        assertThat(PositionToken.read("acme", Base64.getUrlEncoder().encodeToString(bytes) + "="))
                .isEmpty();
        assertThat(PositionToken.read("acme", text + " ")).isEmpty();
    }

    @Test
    void doesNotReadWhatIsTooLong() {
        assertThat(PositionToken.read("acme", "A".repeat(PositionToken.MAX_LENGTH + 4)))
                .isEmpty();
    }
}
