package dev.sluice.cache.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyPatternPropertyTest {
    private static final int ROUNDS = 20_000;
    private static final String ALPHABET = "abcdefxyzABCDEF0123456789-_.:/*~é€ \uD83D\uDE00";

    private final Random random = Randomness.seeded();

    @Test
    void holdsNoDigitIsNeverLongerAndIsItsOwnPattern() {
        for (int round = 0; round < ROUNDS; round++) {
            String key = text(1 + random.nextInt(60));
            String pattern = KeyPattern.of(key);
            assertThat(pattern).as(key).doesNotContainPattern("[0-9]").isNotEmpty();
            assertThat(pattern.length()).as(key).isLessThanOrEqualTo(key.length());
            assertThat(KeyPattern.of(pattern)).as(key).isEqualTo(pattern);
        }
    }

    @Test
    void keepsEverythingThatIsNeitherLetterNorDigitOutsideOfUuids() {
        for (int round = 0; round < ROUNDS; round++) {
            String key = text(1 + random.nextInt(30)).replace("-", "").replace("*", "");
            String separators = key.replaceAll("[a-zA-Z0-9]", "");
            assertThat(KeyPattern.of(key).replace("*", "").replaceAll("[a-zA-Z]", ""))
                    .as(key)
                    .isEqualTo(separators);
        }
    }

    @Test
    void keysThatDifferInIdsOnlyShareAPattern() {
        List<Supplier<String>> ids = List.of(
                () -> Integer.toString(random.nextInt(Integer.MAX_VALUE)),
                () -> new UUID(random.nextLong(), random.nextLong()).toString(),
                () -> "%040x".formatted(random.nextLong()),
                () -> "0" + Long.toString(random.nextLong() >>> 1, 36) + "0123456789ab");
        for (int round = 0; round < ROUNDS; round++) {
            Supplier<String> id = ids.get(random.nextInt(ids.size()));
            Supplier<String> other = ids.get(random.nextInt(ids.size()));
            String first = "user:" + id.get() + "/" + other.get() + ":name";
            String second = "user:" + id.get() + "/" + other.get() + ":name";
            assertThat(KeyPattern.of(first)).as(first).isEqualTo("user:*/*:name");
            assertThat(KeyPattern.of(second)).as(second).isEqualTo("user:*/*:name");
        }
    }

    private String text(int length) {
        int[] characters = ALPHABET.codePoints().toArray();
        return IntStream.range(0, length)
                .mapToObj(i -> Character.toString(characters[random.nextInt(characters.length)]))
                .collect(Collectors.joining());
    }
}
