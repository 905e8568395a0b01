package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "ä漢", "😀", "a b", "${jndi:ldap://x}", "\uFFFD", "\u00A0"})
    void letsTextThrough(String text) {
        assertThat(AttributeText.isPrintable(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u0000b",
                "a\r\nb",
                "\t",
                "\u001b[31m",
                "\u007f",
                "\u0085",
                "\ud800",
                "x\udc00",
                "\uFFFE",
                "\uFDD0",
                "\ud83f\udffe"
            })
    void refusesControlsSurrogatesAndNoncharacters(String text) {
        assertThat(AttributeText.isPrintable(text)).isFalse();
    }

    /** CloudEvents 1.0, section 2.3, written out as ranges. */
    @Test
    void agreesWithTheSpecificationOnEveryCodePoint() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            boolean allowed = (codePoint >= 0x20 && codePoint <= 0x7e)
                    || (codePoint >= 0xa0 && codePoint <= 0xd7ff)
                    || (codePoint >= 0xe000 && codePoint <= 0xfdcf)
                    || (codePoint >= 0xfdf0 && codePoint <= 0xfffd)
                    || (codePoint >= 0x10000 && codePoint % 0x10000 < 0xfffe);
            assertThat(AttributeText.isPrintable(Character.toString(codePoint)))
                    .as("U+%04X", codePoint)
                    .isEqualTo(allowed);
        }
    }
}
