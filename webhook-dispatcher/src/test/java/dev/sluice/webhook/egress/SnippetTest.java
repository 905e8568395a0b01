package dev.sluice.webhook.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnippetTest {

    @Test
    void leavesTextAsItIs() {
        assertThat(of("{\"ok\": true}\n\tgrün 😀", 100)).isEqualTo(new Snippet("{\"ok\": true}\n\tgrün 😀", false));
        assertThat(of("", 100)).isEqualTo(new Snippet("", false));
    }

    @Test
    void takesTheHarmOutOfWhatSteersTerminalsAndTurnsText() {
        assertThat(of("a\u001b[31m\u0000\u0007\r\u007f\u009bb\u202e\u2066\u2028\ufeff", 100)
                        .text())
                .isEqualTo("a\uFFFD[31m\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFD");
    }

    @Test
    void cutsBetweenCharactersAndSaysSo() {
        assertThat(of("😀😀😀", 2)).isEqualTo(new Snippet("😀😀", true));
        assertThat(of("😀😀", 2)).isEqualTo(new Snippet("😀😀", false));
        assertThat(of("x".repeat(10_000), 2)).isEqualTo(new Snippet("xx", true));
    }

    @Test
    void anyBytesGiveAtMostSoManyHarmlessCharacters() {
        Random random = Randomness.seeded();
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            Snippet snippet = Snippet.of(ByteBuffer.wrap(bytes), 50);
            assertThat(snippet.text().codePointCount(0, snippet.text().length()))
                    .isLessThanOrEqualTo(50);
            assertThat(snippet.text().codePoints())
                    .allMatch(
                            character -> !Character.isISOControl(character) || character == '\n' || character == '\t');
        }
    }

    private static Snippet of(String text, int max) {
        return Snippet.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), max);
    }
}
