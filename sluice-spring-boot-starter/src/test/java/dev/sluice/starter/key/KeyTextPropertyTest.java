package dev.sluice.starter.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.cache.interceptor.SimpleKey;

/** Equal keys have equal text, different ones different text, whatever strings they are made of. */
class KeyTextPropertyTest {

    private static final String LETTERS = "a\",()[]{}=:\\1 ";

    private final StableKeyText keys = new StableKeyText();

    @Test
    void textTellsKeysApartAsEqualsDoes() {
        RandomGenerator random = Randomness.seeded();
        for (int round = 0; round < 100; round++) {
            Map<String, Object> seen = new HashMap<>();
            for (int i = 0; i < 300; i++) {
                Object key = randomKey(random, 0);
                Object before = seen.putIfAbsent(keys.textOf(key), key);
                assertThat(before == null || before.equals(key))
                        .as("%s and %s", before, key)
                        .isTrue();
            }
        }
    }

    @Test
    void textOfACopyIsTheSame() {
        RandomGenerator random = Randomness.seeded();
        for (int round = 0; round < 1000; round++) {
            List<Object> parts = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                parts.add(randomKey(random, 1));
            }
            assertThat(keys.textOf(new SimpleKey(parts.toArray())))
                    .isEqualTo(keys.textOf(new SimpleKey(parts.toArray())));
        }
    }

    private static Object randomKey(RandomGenerator random, int depth) {
        return switch (random.nextInt(depth > 2 ? 4 : 7)) {
            case 0 -> random.nextInt(3);
            case 1 -> (long) random.nextInt(3);
            case 2 -> random.nextBoolean();
            case 3 -> text(random);
            case 4 -> List.of(randomKey(random, depth + 1), randomKey(random, depth + 1));
            case 5 -> new SimpleKey(randomKey(random, depth + 1));
            default -> Map.of(text(random), randomKey(random, depth + 1));
        };
    }

    private static String text(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
