package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeHeaderTest {

    /** The first two are the binding's own examples. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Euro%20%E2%82%AC%20%F0%9F%98%80|Euro € 😀",
                "100%25|100%",
                "plain|plain",
                "%61%7e|a~",
                "%e2%82%ac|€",
                "%2525|%25",
                "a b|a b",
                "\"a b\"|a b",
                "\"a \\\"b\\\" \\\\\"|a \"b\" \\",
                "\"50%25\"|50%",
                "a+b|a+b"
            })
    void decodesPercentsAndQuotes(String header, String text) {
        assertThat(AttributeHeader.decode(header)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "%4",
                "a%",
                "%zz",
                "%-1",
                "%C0%A0",
                "%ED%A0%80",
                "%E2%82",
                "%ff",
                "ä",
                "\u00e2\u0082\u00ac",
                "a\tb",
                "a\u007f",
                "\"",
                "\"a",
                "\"a\\\"",
                "\"a\" b",
                "a\"b\"",
                "\"a\"\""
            })
    void refusesWhatTwoReadersReadDifferently(String header) {
        assertThat(AttributeHeader.decode(header)).isEmpty();
    }

    @Test
    void readsBackEveryTextThatWasWrittenAsTheBindingSays() {
        Random random = Randomness.seeded();
        for (int i = 0; i < 5_000; i++) {
            String text = random.ints(random.nextInt(20), 0x20, 0x20000)
                    .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            assertThat(AttributeHeader.decode(encode(text, random))).as(text).contains(text);
        }
    }

    /** Encodes what must be encoded, and now and then what need not. */
    private static String encode(String text, Random random) {
        StringBuilder header = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            boolean mayStand = each > ' ' && each <= '~' && each != '"' && each != '%';
            if (mayStand && random.nextInt(4) > 0) {
                header.append((char) each);
            } else {
                header.append(String.format(random.nextBoolean() ? "%%%02x" : "%%%02X", each));
            }
        }
        return header.toString();
    }
}
