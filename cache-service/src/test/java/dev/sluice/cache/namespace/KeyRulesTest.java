package dev.sluice.cache.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRulesTest {

    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final String CHARS = "abz019._-AZ/:{}\u0000\u007f\u0085\u00e9\u4e2d\ud83d\ude00 ";

    @Test
    void namespacesAreWhatThePatternSays() {
        Random random = new Random(11);
        for (int i = 0; i < 100_000; i++) {
            String name = text(random, 0, random.nextBoolean() ? 9 : CHARS.length(), random.nextInt(3) == 0 ? 70 : 6);
            assertThat(KeyRules.isNamespace(name))
                    .as(name)
                    .isEqualTo(NAMESPACE.matcher(name).matches());
        }
    }

    @Test
    void keysAreBoundedInBytesAndHoldNoControlCharacter() {
        Random random = new Random(12);
        for (int i = 0; i < 20_000; i++) {
            String key = text(random, 0, random.nextBoolean() ? 9 : CHARS.length(), random.nextBoolean() ? 600 : 10);
            boolean allowed = !key.isEmpty()
                    && key.getBytes(StandardCharsets.UTF_8).length <= KeyRules.MAX_KEY_BYTES
                    && key.codePoints().noneMatch(Character::isISOControl);
            assertThat(KeyRules.isKey(key)).as(key).isEqualTo(allowed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "a.b_c-d", "0123456789012345678901234567890123456789012345678901234567890123"})
    void takesNamespaces(String name) {
        assertThat(KeyRules.isNamespace(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".a", "-", "A", "a/b", "01234567890123456789012345678901234567890123456789012345678901234"})
    void refusesOthers(String name) {
        assertThat(KeyRules.isNamespace(name)).isFalse();
    }

    private static String text(Random random, int from, int to, int most) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(most); left > 0; left--) {
            text.append(CHARS.charAt(random.nextInt(from, to)));
        }
        return text.toString();
    }
}
