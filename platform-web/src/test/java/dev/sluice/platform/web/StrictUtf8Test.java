package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictUtf8Test {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "größer €", "\uFFFD", "a\uFFFDb", "\uD83D\uDE00", "\uFEFFx"})
    void decodesWhatIsUtf8(String text) {
        assertThat(StrictUtf8.decode(text.getBytes(StandardCharsets.UTF_8))).contains(text);
    }

    /** A byte by itself, an overlong slash, half of a surrogate pair, past the last character, cut off, beside a real U+FFFD. */
    @ParameterizedTest
    @ValueSource(strings = {"80", "61ff62", "c0af", "eda080", "f4908080", "e282", "efbfbd80"})
    void refusesWhatIsNot(String hex) {
        assertThat(StrictUtf8.decode(HexFormat.of().parseHex(hex))).isEmpty();
    }
}
